from io import BytesIO

from PIL import Image

from events import demo


def test_every_portrait_is_a_small_square_and_unlike_the_others() -> None:
    portraits = [demo.portrait(person.face) for person in demo.PEOPLE]
    assert len(set(portraits)) == len(portraits)
    for portrait in portraits:
        with Image.open(BytesIO(portrait)) as image:
            assert image.size == (256, 256)
            assert image.format == "WEBP"
