"""Browsers without a window, signed in: Django's test client, and one that reads the pages of the running product."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape

import httpx
from django.test import Client

from events.models import User
from tests.servers.product import Product

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class SignIn:
    """`sign_in(user)` is a browser in which that person is signed in."""

    def __call__(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client


class Windowless:
    """Sends what a browser would: its cookies, and the fields of forms that it has read."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def get(self, path: str) -> httpx.Response:
        return await self._client.get(path)

    async def read(self, path: str) -> str:
        answer = await self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    async def press(self, page: str, name: str) -> str:
        """Follows the link of this name, and answers yes to the question behind it. What is read then."""
        links = {
            unescape(words).strip(): path
            for path, words in re.findall(r'<a href="([^"]+)">([^<]+)</a>', await self.read(page))
        }
        answer = await self.send(links[name], form_of=await self.read(links[name]))
        assert answer.status_code == 200, answer.status_code
        return answer.text

    async def send(self, path: str, *, form_of: str, **fields: str) -> httpx.Response:
        """`form_of`: the page whose form it is. Where that leads to, is followed."""
        token = TOKEN.search(form_of)
        assert token, "a page with a form in it"
        return await self._client.post(
            path, data={"csrfmiddlewaretoken": token[1], **fields}, follow_redirects=True
        )


@asynccontextmanager
async def windowless(product: Product, session: str) -> AsyncIterator[Windowless]:
    """`session`: the cookie of whoever is signed in."""
    headers = {"Origin": product.url, "Referer": f"{product.url}/"}
    async with httpx.AsyncClient(
        base_url=product.url, cookies={"sessionid": session}, headers=headers, trust_env=False
    ) as client:
        yield Windowless(client)
