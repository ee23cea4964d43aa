// Sets the brightness chosen on this device before the first paint. A plain script in the head, not a module, for that reason.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage is closed: the system's choice holds */ }
