"""The secrets of rooms and mountpoints: derived, so that nothing needs to store them and every process knows them."""

from django.utils.crypto import salted_hmac


def room_secret(room: int) -> str:
    return _derive("backstage.room.secret", room)


def mountpoint_secret(room: int) -> str:
    return _derive("backstage.mountpoint.secret", room)


def mountpoint_pin(room: int) -> str:
    return _derive("backstage.mountpoint.pin", room)


def _derive(purpose: str, number: int) -> str:
    return salted_hmac(purpose, str(number), algorithm="sha256").hexdigest()
