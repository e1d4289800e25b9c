"""`{% word_length as most %}`: characters of the word to whoever is declined, as the field for it lets in."""

from django import template

from moderation.messages import WORD_LENGTH

register = template.Library()


@register.simple_tag
def word_length() -> int:
    return WORD_LENGTH
