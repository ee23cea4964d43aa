"""The room: who stands in for whom, the floor, questions, amendments, and polls of every kind.

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op

from meetings.storage.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seating_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_seating_plan_body_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["person.id"], name=op.f("fk_seating_plan_saved_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seating_plan")),
        sa.UniqueConstraint("body_id", "place", name=op.f("uq_seating_plan_body_id_place")),
    )
    op.create_table(
        "proxy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["given_by"], ["person.id"], name=op.f("fk_proxy_given_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["person.id"], name=op.f("fk_proxy_giver_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["person.id"], name=op.f("fk_proxy_holder_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_proxy_meeting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proxy")),
    )
    with op.batch_alter_table("proxy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proxy_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "substitution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("substitute_id", sa.Uuid(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("approved_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name=op.f("fk_substitution_approved_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_substitution_meeting_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["person.id"], name=op.f("fk_substitution_member_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["person.id"], name=op.f("fk_substitution_substitute_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )
    with op.batch_alter_table("substitution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_substitution_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_substitution_substitute_id"), ["substitute_id"], unique=False)

    op.create_table(
        "group_time",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("initial_seconds", sa.Integer(), nullable=False),
        sa.Column("added_seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_group_time_item_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_group_time_meeting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_time")),
        sa.UniqueConstraint("item_id", "group_name", name=op.f("uq_group_time_item_id_group_name")),
    )
    op.create_table(
        "note",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("writer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_note_item_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_note_meeting_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["writer_id"], ["person.id"], name=op.f("fk_note_writer_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "recusal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.Column("declared_at", Instant(), nullable=False),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["declared_by"], ["person.id"], name=op.f("fk_recusal_declared_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_recusal_item_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_recusal_meeting_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recusal_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
    )
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recusal_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "entered_ballot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_entered_ballot_decided_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_entered_ballot_entered_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_entered_ballot_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["poll.id"], name=op.f("fk_entered_ballot_poll_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entered_ballot")),
    )
    with op.batch_alter_table("entered_ballot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entered_ballot_poll_id"), ["poll_id"], unique=False)

    op.create_table(
        "poll_motion",
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("motion_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motion.id"], name=op.f("fk_poll_motion_motion_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["poll.id"], name=op.f("fk_poll_motion_poll_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("poll_id", "motion_id", name=op.f("pk_poll_motion")),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("submitted_at", Instant(), nullable=False),
        sa.Column("put_at", Instant(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_question_agency_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["person.id"], name=op.f("fk_question_asker_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_question_item_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_question_meeting_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_question_task_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_task_id"), ["task_id"], unique=False)

    op.create_table(
        "promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("promised_by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_promise_agency_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_promise_item_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_promise_meeting_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_promise_question_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_promise_task_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promise_question_id"), ["question_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promise_task_id"), ["task_id"], unique=False)

    op.create_table(
        "speech",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("stance", sa.String(length=8), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("called_at", Instant(), nullable=True),
        sa.Column("running_since", Instant(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("limit_seconds", sa.Integer(), nullable=True),
        sa.Column("added_seconds", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_speech_item_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_speech_meeting_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_speech_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_speech_question_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speech")),
    )
    with op.batch_alter_table("speech", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_speech_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_speech_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_speech_question_id"), ["question_id"], unique=False)

    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("struck_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("struck_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("struck_reason", sa.Text(), server_default="", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_attendance_struck_by"), "person", ["struck_by"], ["id"], ondelete="RESTRICT"
        )

    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("replaced_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("key", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("receipt", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("entered_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by", sa.Uuid(), nullable=True))
        batch_op.alter_column(
            "choice", existing_type=sa.VARCHAR(length=32), type_=sa.Text(), existing_nullable=False
        )
        batch_op.drop_constraint(batch_op.f("uq_ballot_poll_id_person_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_ballot_poll_id_person_id_revision"), ["poll_id", "person_id", "revision"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_ballot_entered_by"), "person", ["entered_by"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_ballot_confirmed_by"), "person", ["confirmed_by"], ["id"], ondelete="RESTRICT"
        )

    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.add_column(sa.Column("room_rules", sa.JSON(), nullable=True))

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("spent_seconds", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("running_since", Instant(), nullable=True))
        batch_op.add_column(sa.Column("kind", sa.String(length=16), server_default="regular", nullable=False))
        batch_op.add_column(sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("continues_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("postponed_to_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("referred_to", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("last_call_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("speakers_closed_at", Instant(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_item_continues_id"), "item", ["continues_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_item_postponed_to_id"), "meeting", ["postponed_to_id"], ["id"], ondelete="RESTRICT"
        )

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("recess_until", Instant(), nullable=True))
        batch_op.add_column(sa.Column("followed_paper_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("followed_page", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("followed_by", sa.Uuid(), nullable=True))

    with op.batch_alter_table("motion", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mover_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("seconder_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("seconded_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("amends_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("base_text", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("conflicts", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("part_of_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_motion_mover_id"), "person", ["mover_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_motion_part_of_id"), "motion", ["part_of_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_motion_amends_id"), "motion", ["amends_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_motion_seconder_id"), "person", ["seconder_id"], ["id"], ondelete="RESTRICT"
        )

    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=16), server_default="motion", nullable=False))
        batch_op.add_column(
            sa.Column("method", sa.String(length=16), server_default="electronic", nullable=False)
        )
        batch_op.add_column(sa.Column("form", sa.JSON(), nullable=True))
        batch_op.add_column(
            sa.Column("disclosure", sa.String(length=16), server_default="announced", nullable=False)
        )
        batch_op.add_column(sa.Column("names", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("changeable", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("opens_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("closes_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("grace", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("timed_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("missing_called_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("round", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("repeats_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("counts", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("calling_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("casting_choice", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("annulled_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("annulled_reason", sa.Text(), server_default="", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_poll_calling_id"), "person", ["calling_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_poll_repeats_id"), "poll", ["repeats_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_poll_timed_by_id"), "person", ["timed_by_id"], ["id"], ondelete="RESTRICT"
        )

    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seat_of_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("called_at", Instant(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_roll_entry_seat_of_id"), "person", ["seat_of_id"], ["id"], ondelete="RESTRICT"
        )

    with op.batch_alter_table(
        "secret_ballot", schema=None, table_kwargs={"sqlite_with_rowid": False}
    ) as batch_op:
        batch_op.alter_column(
            "choice", existing_type=sa.VARCHAR(length=32), type_=sa.Text(), existing_nullable=False
        )
