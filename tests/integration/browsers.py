"""Browsers without a window: Django's test client, signed in."""

from django.test import Client

from events.models import User


class SignIn:
    """`sign_in(user)` is a browser in which that person is signed in."""

    def __call__(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client
