"""Before the meeting: calendar, programme, dossiers, agenda supplements, papers, notice, consultations, packs.

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op

from meetings.storage.types import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_mark",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_mark")),
    )
    op.create_table(
        "paper_change",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("old_blank", sa.Integer(), nullable=False),
        sa.Column("new_blank", sa.Integer(), nullable=False),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_paper_change")),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("equipment", sa.Text(), server_default="", nullable=False),
        sa.Column("blocked_from", sa.Date(), nullable=True),
        sa.Column("blocked_until", sa.Date(), nullable=True),
        sa.Column("blocked_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("in_use", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("name", name=op.f("uq_room_name")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_calendar_feed_body_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feed_secret_hash")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feed_person_id"), ["person_id"], unique=False)

    op.create_table(
        "council_term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_council_term_body_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_term")),
    )
    with op.batch_alter_table("council_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_council_term_body_id"), ["body_id"], unique=False)

    op.create_table(
        "meeting_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["person.id"], name=op.f("fk_meeting_series_begun_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_meeting_series_body_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
    )
    with op.batch_alter_table("meeting_series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_series_body_id"), ["body_id"], unique=False)

    op.create_table(
        "meeting_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("begins", sa.String(length=5), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("public", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("guests", sa.JSON(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_meeting_template_body_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_meeting_template_room_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_template")),
        sa.UniqueConstraint("body_id", "name", name=op.f("uq_meeting_template_body_id_name")),
    )
    op.create_table(
        "procedure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("inter_level", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("in_use", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_procedure_body_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure")),
    )
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procedure_body_id"), ["body_id"], unique=False)

    op.create_table(
        "push_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.Text(), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_push_address_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_address")),
        sa.UniqueConstraint("endpoint", name=op.f("uq_push_address_endpoint")),
    )
    with op.batch_alter_table("push_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_address_person_id"), ["person_id"], unique=False)

    op.create_table(
        "schedule_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("starts", sa.String(length=5), nullable=False),
        sa.Column("ends", sa.String(length=5), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("chair", sa.Text(), nullable=False),
        sa.Column("attendees", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("prepared_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_schedule_entry_body_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_schedule_entry_written_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_entry")),
    )
    with op.batch_alter_table("schedule_entry", schema=None) as batch_op:
        batch_op.create_index("ix_schedule_entry_week", ["body_id", "day"], unique=False)

    op.create_table(
        "telling_choice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), server_default="", nullable=False),
        sa.Column("quiet_until", sa.String(length=5), server_default="", nullable=False),
        sa.Column("digest", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("digest_at", sa.String(length=5), server_default="07:00", nullable=False),
        sa.Column("digested_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_telling_choice_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_telling_choice")),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_upload_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_upload_person_id"), ["person_id"], unique=False)

    op.create_table(
        "week_publication",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_week_publication_body_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["person.id"],
            name=op.f("fk_week_publication_published_by"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week_publication")),
        sa.UniqueConstraint(
            "body_id", "monday", "number", name=op.f("uq_week_publication_body_id_monday_number")
        ),
    )
    op.create_table(
        "work_programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("number", sa.Text(), server_default="", nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name=op.f("fk_work_programme_approved_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["person.id"], name=op.f("fk_work_programme_begun_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_work_programme_body_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_programme")),
        sa.UniqueConstraint("body_id", "year", name=op.f("uq_work_programme_body_id_year")),
    )
    op.create_table(
        "council_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("convened_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_council_session_body_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["council_term.id"], name=op.f("fk_council_session_term_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_session")),
        sa.UniqueConstraint("term_id", "number", name=op.f("uq_council_session_term_id_number")),
    )
    with op.batch_alter_table("council_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_council_session_body_id"), ["body_id"], unique=False)

    op.create_table(
        "programme_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("supervisor", sa.Text(), nullable=False),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=True),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("due_from", sa.Date(), nullable=False),
        sa.Column("due_until", sa.Date(), nullable=False),
        sa.Column("submit_by", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_programme_entry_agency_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["work_programme.id"],
            name=op.f("fk_programme_entry_programme_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_programme_entry_written_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_entry")),
    )
    with op.batch_alter_table("programme_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_entry_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index("ix_programme_entry_due", ["programme_id", "due_until"], unique=False)

    op.create_table(
        "template_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("presenter", sa.Text(), nullable=False),
        sa.Column("minutes_planned", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("visibility", sa.String(length=16), nullable=False),
        sa.Column("motions", sa.JSON(), nullable=False),
        sa.Column("guests", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["template_item.id"], name=op.f("fk_template_item_parent_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["meeting_template.id"],
            name=op.f("fk_template_item_template_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_item")),
    )
    with op.batch_alter_table("template_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_template_item_template_id"), ["template_id"], unique=False)

    op.create_table(
        "consultation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("signed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("closes_local", sa.String(length=16), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("closes_at", Instant(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", Instant(), nullable=False),
        sa.Column("handed_at", Instant(), nullable=True),
        sa.Column("chair_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.Column("reminded_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("in_office", sa.Integer(), nullable=True),
        sa.Column("cast_count", sa.Integer(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=True),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("programme_entry_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_consultation_body_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["chair_id"], ["person.id"], name=op.f("fk_consultation_chair_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by"], ["person.id"], name=op.f("fk_consultation_drafted_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["programme_entry_id"],
            ["programme_entry.id"],
            name=op.f("fk_consultation_programme_entry_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("body_id", "year", "number", name=op.f("uq_consultation_body_id_year_number")),
    )
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultation_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultation_item_id"), ["item_id"], unique=False)
        batch_op.create_index(
            "ix_consultation_open",
            ["closes_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(
            batch_op.f("ix_consultation_programme_entry_id"), ["programme_entry_id"], unique=False
        )

    op.create_table(
        "discussion_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("chair_id", sa.Uuid(), nullable=True),
        sa.Column("secretary_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chair_id"], ["person.id"], name=op.f("fk_discussion_group_chair_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["secretary_id"],
            ["person.id"],
            name=op.f("fk_discussion_group_secretary_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["council_session.id"],
            name=op.f("fk_discussion_group_session_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_group")),
    )
    with op.batch_alter_table("discussion_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discussion_group_session_id"), ["session_id"], unique=False)

    op.create_table(
        "programme_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("was", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["programme_entry.id"],
            name=op.f("fk_programme_change_entry_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_programme_change_made_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_change")),
    )
    with op.batch_alter_table("programme_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_change_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "programme_cooperation",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_programme_cooperation_agency_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["programme_entry.id"],
            name=op.f("fk_programme_cooperation_entry_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("entry_id", "agency_id", name=op.f("pk_programme_cooperation")),
    )
    with op.batch_alter_table("programme_cooperation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_cooperation_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "consultation_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("laid_by", sa.Uuid(), nullable=False),
        sa.Column("laid_at", Instant(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("source_name", sa.Text(), server_default="", nullable=False),
        sa.Column("source_sha256", sa.String(length=64), server_default="", nullable=False),
        sa.Column("source_size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("taken_out", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_consultation_paper_consultation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["laid_by"], ["person.id"], name=op.f("fk_consultation_paper_laid_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_paper")),
    )
    with op.batch_alter_table("consultation_paper", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consultation_paper_consultation_id"), ["consultation_id"], unique=False
        )

    op.create_table(
        "consulted_member",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("recused_at", Instant(), nullable=True),
        sa.Column("recused_by", sa.Uuid(), nullable=True),
        sa.Column("recusal_reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_consulted_member_consultation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consulted_member_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["recused_by"], ["person.id"], name=op.f("fk_consulted_member_recused_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("consultation_id", "person_id", name=op.f("pk_consulted_member")),
    )
    with op.batch_alter_table("consulted_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consulted_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "discussion_group_member",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["discussion_group.id"],
            name=op.f("fk_discussion_group_member_group_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_discussion_group_member_person_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["council_session.id"],
            name=op.f("fk_discussion_group_member_session_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("group_id", "person_id", name=op.f("pk_discussion_group_member")),
        sa.UniqueConstraint(
            "session_id", "person_id", name=op.f("uq_discussion_group_member_session_id_person_id")
        ),
    )
    op.create_table(
        "entered_opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.String(length=32), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_entered_opinion_consultation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_entered_opinion_decided_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_entered_opinion_entered_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_entered_opinion_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entered_opinion")),
    )
    with op.batch_alter_table("entered_opinion", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_entered_opinion_consultation_id"), ["consultation_id"], unique=False
        )

    op.create_table(
        "written_opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=32), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("cast_at", Instant(), nullable=False),
        sa.Column("replaced_at", Instant(), nullable=True),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("receipt", sa.String(length=16), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_written_opinion_confirmed_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_written_opinion_consultation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_written_opinion_entered_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_written_opinion_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_written_opinion")),
        sa.UniqueConstraint(
            "consultation_id",
            "person_id",
            "key",
            name=op.f("uq_written_opinion_consultation_id_person_id_key"),
        ),
        sa.UniqueConstraint(
            "consultation_id",
            "person_id",
            "revision",
            name=op.f("uq_written_opinion_consultation_id_person_id_revision"),
        ),
    )
    op.create_table(
        "agenda_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("supplement", sa.Integer(), nullable=False),
        sa.Column("read_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_reading_meeting_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_agenda_reading_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_reading")),
        sa.UniqueConstraint(
            "meeting_id",
            "person_id",
            "supplement",
            name=op.f("uq_agenda_reading_meeting_id_person_id_supplement"),
        ),
    )
    op.create_table(
        "dossier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("procedure_id", sa.Uuid(), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("procedure", sa.JSON(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("presenter", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("step", sa.Integer(), server_default="0", nullable=False),
        sa.Column("resume_at", sa.Integer(), server_default="1", nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("submitted_at", Instant(), nullable=True),
        sa.Column("accepted_at", Instant(), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("programme_entry_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_dossier_agency_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["person.id"], name=op.f("fk_dossier_begun_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_dossier_body_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_dossier_meeting_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedure.id"], name=op.f("fk_dossier_procedure_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["programme_entry_id"],
            ["programme_entry.id"],
            name=op.f("fk_dossier_programme_entry_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_procedure_id"), ["procedure_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_dossier_programme_entry_id"), ["programme_entry_id"], unique=False
        )

    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_notice_meeting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("meeting_id", "sequence", name=op.f("uq_notice_meeting_id_sequence")),
    )
    op.create_table(
        "pack",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_pack_asked_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_pack_meeting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
        sa.UniqueConstraint("meeting_id", "key", name=op.f("uq_pack_meeting_id_key")),
    )
    op.create_table(
        "reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), server_default="0", nullable=False),
        sa.Column("answer", sa.String(length=16), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("substitute_id", sa.Uuid(), nullable=True),
        sa.Column("substitute_state", sa.String(length=16), server_default="", nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("asked_again_at", Instant(), nullable=True),
        sa.Column("reminded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_reply_meeting_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reply_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["person.id"], name=op.f("fk_reply_substitute_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_reply_meeting_id_person_id")),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_person_id"), ["person_id"], unique=False)

    op.create_table(
        "supplement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("late_days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["person.id"], name=op.f("fk_supplement_issued_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_supplement_meeting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_supplement_meeting_id_number")),
    )
    op.create_table(
        "dossier_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("laid_by", sa.Uuid(), nullable=False),
        sa.Column("laid_at", Instant(), nullable=False),
        sa.Column("replaced_at", Instant(), nullable=True),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("source_name", sa.Text(), server_default="", nullable=False),
        sa.Column("source_sha256", sa.String(length=64), server_default="", nullable=False),
        sa.Column("source_size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("taken_out", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_paper_dossier_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["laid_by"], ["person.id"], name=op.f("fk_dossier_paper_laid_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_paper")),
    )
    with op.batch_alter_table("dossier_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_paper_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "dossier_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("run_order", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("taker", sa.String(length=16), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=16), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("returned_to", sa.Integer(), nullable=True),
        sa.Column("reminded_at", Instant(), nullable=True),
        sa.Column("late_told_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_dossier_run_agency_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_run_dossier_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["person.id"], name=op.f("fk_dossier_run_ended_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_run")),
    )
    with op.batch_alter_table("dossier_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_run_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "guest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("group_name", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.String(length=8), server_default="vi", nullable=False),
        sa.Column("round", sa.Integer(), server_default="0", nullable=False),
        sa.Column("visit_hash", sa.String(length=64), nullable=True),
        sa.Column("visit_until", Instant(), nullable=True),
        sa.Column("answer", sa.String(length=16), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("reminded_at", Instant(), nullable=True),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("invited_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["person.id"], name=op.f("fk_guest_invited_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_guest_item_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_guest_meeting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
        sa.UniqueConstraint("visit_hash", name=op.f("uq_guest_visit_hash")),
    )
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_guest_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "dossier_opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("taker", sa.String(length=16), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(length=16), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("given_at", Instant(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", Instant(), nullable=True),
        sa.Column("late_told_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_dossier_opinion_agency_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_opinion_dossier_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["person.id"], name=op.f("fk_dossier_opinion_given_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["dossier_run.id"], name=op.f("fk_dossier_opinion_run_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_opinion")),
    )
    with op.batch_alter_table("dossier_opinion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_opinion_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_opinion_run_id"), ["run_id"], unique=False)

    op.create_table(
        "paper_opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_at", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("downloaded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_paper_opening_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["paper_version.id"],
            name=op.f("fk_paper_opening_version_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_opening")),
        sa.UniqueConstraint("version_id", "person_id", name=op.f("uq_paper_opening_version_id_person_id")),
    )
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agenda_order", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("deadlines", sa.JSON(), nullable=True))

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("visibility", sa.String(length=16), server_default="common", nullable=False)
        )
        batch_op.add_column(sa.Column("adopts_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("task_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("programme_entry_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_item_programme_entry_id"), ["programme_entry_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_item_programme_entry_id"),
            "programme_entry",
            ["programme_entry_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_item_adopts_id"), "meeting", ["adopts_id"], ["id"], ondelete="RESTRICT"
        )

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_local", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("ends_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("room_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("series_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("session_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("sitting", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("group_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("agenda_frozen_at", Instant(), nullable=True))
        batch_op.create_index(batch_op.f("ix_meeting_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_series_id"), ["series_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_session_id"), ["session_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_meeting_session_id"),
            "council_session",
            ["session_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_meeting_group_id"), "discussion_group", ["group_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_meeting_room_id"), "room", ["room_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_meeting_series_id"), "meeting_series", ["series_id"], ["id"], ondelete="RESTRICT"
        )

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("to_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("refused_at", Instant(), nullable=True))
        batch_op.create_index(batch_op.f("ix_outbox_about"), ["about"], unique=False)

    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("level", sa.String(length=16), server_default="internal", nullable=False)
        )
        batch_op.add_column(
            sa.Column("readers", sa.String(length=16), server_default="common", nullable=False)
        )
        batch_op.add_column(sa.Column("download", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("shown_from", Instant(), nullable=True))
        batch_op.add_column(sa.Column("shown_until", Instant(), nullable=True))
        batch_op.add_column(sa.Column("copied_from_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_paper_copied_from_id"), "paper", ["copied_from_id"], ["id"], ondelete="RESTRICT"
        )

    with op.batch_alter_table("paper_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source_name", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("source_sha256", sa.String(length=64), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("source_size", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("taken_out", sa.Text(), server_default="", nullable=False))
