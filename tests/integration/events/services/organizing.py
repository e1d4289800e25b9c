"""Everything that an organizer may do, and all of an event that it could change."""

from collections.abc import Callable
from io import BytesIO

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from backstage import services as backstage
from backstage.models import BackstageSession
from events import services
from events.models import Event, User
from events.pictures import clean_picture
from tests.factories import SpeakerFactory, StageFactory


def picture() -> ContentFile:
    drawn = BytesIO()
    Image.new("RGB", (32, 18), "teal").save(drawn, "PNG")
    return clean_picture(ContentFile(drawn.getvalue(), name="x.png"), longest_side=32)


def everything(actor: User, event: Event, other: User) -> list[Callable[[], object]]:
    """Every act of an organizer but those that an archived event allows."""
    speaker = SpeakerFactory(event=event)
    stage = StageFactory(event=event)
    backstage.backstage_of(stage)
    gone = StageFactory(event=event, archived_at=timezone.now())
    named = {"actor": actor, "event": event}
    on_stage = {"actor": actor, "stage": stage}
    return [
        lambda: services.edit_event(**named, name="Mine"),
        lambda: services.set_event_picture(**named, picture=picture()),
        lambda: services.publish_event(**named),
        lambda: services.unpublish_event(**named),
        lambda: services.add_organizer(**named, user=other),
        lambda: services.remove_organizer(**named, user=other),
        lambda: services.block(**named, user=other),
        lambda: services.unblock(**named, user=other),
        lambda: services.create_stage(**named, name="Side"),
        lambda: services.rename_stage(**on_stage, name="Side"),
        lambda: services.reorder_stages(**named, order=[stage.pk]),
        lambda: services.restore_stage(actor=actor, stage=gone),
        lambda: backstage.archive_stage(**on_stage),
        lambda: backstage.set_provider(**on_stage, provider="vimeo", address="https://vimeo.com/1"),
        lambda: backstage.set_delay(**on_stage, delay_s=15),
        lambda: backstage.reset_link(**on_stage, everybody_again=True),
        lambda: services.add_speaker(**named, name="Me"),
        lambda: services.edit_speaker(actor=actor, speaker=speaker, name="Me", title="", links=[]),
        lambda: services.move_speaker(actor=actor, speaker=speaker, places=1),
        lambda: services.remove_speaker(actor=actor, speaker=speaker),
    ]


def whole_event(event: Event) -> list[object]:
    return [
        Event.objects.filter(pk=event.pk).values().get(),
        *(list(rows.values()) for rows in (event.speakers, event.stages, event.blocks, event.organizers)),
        list(BackstageSession.objects.filter(stage__event=event).values()),
    ]
