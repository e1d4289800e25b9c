"""`{% muted_in_chat event as people %}`: whom organizers have muted, for the People tab, which knows no chat."""

from django import template

from chat import selectors
from events.models import Event, User

register = template.Library()


@register.simple_tag
def muted_in_chat(event: Event) -> list[User]:
    return selectors.muted_users(event.pk)
