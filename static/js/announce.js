/**
 * Tells screen readers what matters when a region was renewed: each text in [data-announce] is said once, when it was not there
 * before. Regions themselves are not live for them, or every number would be read out. See `announcement` in templates/parts/live.html.
 */
const texts = () => new Set([...document.querySelectorAll("[data-announce]")].map((element) => element.dataset.announce));

const voice = document.createElement("p");
voice.className = "hidden";
voice.id = "announcements";
voice.setAttribute("role", "status");
document.body.append(voice);

let known = texts();
document.addEventListener("htmx:after:swap", () => {
  const now = texts();
  const fresh = [...now].filter((text) => text && !known.has(text));
  known = now;
  if (fresh.length) voice.textContent = fresh.join(" ");
});
