"""The same bytes to many sockets in one call of the kernel: Linux AIO, whose writes to a socket are done when the call
returns.

A `send` for each of 500 sockets takes the interpreter's lock 500 times, and no other thread gets it in between. Here it
is free as long as the kernel writes.
"""

import ctypes
import os
import platform
import struct
import sys
import threading
from array import array
from collections.abc import Sequence
from typing import Final

#: Sockets for each call.
MOST: Final = 512

#: io_setup, io_getevents, io_submit of the kernel's tables of system calls; other machines write one by one.
_CALLS: Final = {"x86_64": (206, 208, 209), "aarch64": (0, 4, 2)}

# struct iocb and struct io_event of linux/aio_abi.h, both little endian.
_REQUEST: Final = struct.Struct("<QIIHhIQQqQII")
_PWRITE: Final = 1
_REQUEST_I32, _REQUEST_U64 = _REQUEST.size // 4, _REQUEST.size // 8
_DESCRIPTOR, _ADDRESS, _SIZE = 5, 3, 4
_RESULT_I64, _KEY, _TAKEN = 4, 0, 2


class Unavailable(OSError):
    """Of this kernel, or of what it lets this process do."""


class ManyWrites:
    """For one caller at a time, from any thread."""

    def __init__(self) -> None:
        """Raises Unavailable."""
        setup, self._getevents, self._submit = _calls()
        self._call = ctypes.CDLL(None, use_errno=True).syscall
        self._call.restype = ctypes.c_long
        self._context = ctypes.c_ulong()
        if self._call(setup, ctypes.c_uint(MOST), ctypes.byref(self._context)) != 0:
            raise Unavailable(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        self._process = os.getpid()
        self._is_free = threading.Lock()
        #: Results that were never read would be taken for those of the next.
        self._has_left_some = False
        self._lay_out()

    def _lay_out(self) -> None:
        """Requests and their results; of the requests only where to, what and how much changes."""
        requests = ctypes.create_string_buffer(_REQUEST.size * MOST)
        for key in range(MOST):
            _REQUEST.pack_into(requests, _REQUEST.size * key, key, 0, 0, _PWRITE, 0, 0, 0, 0, 0, 0, 0, 0)
        at = ctypes.addressof(requests)
        self._requests = (ctypes.c_void_p * MOST)(*range(at, at + len(requests), _REQUEST.size))
        self._i32 = memoryview(requests).cast("B").cast("i")
        self._u64 = memoryview(requests).cast("B").cast("Q")
        self._results = ctypes.create_string_buffer(8 * _RESULT_I64 * MOST)
        self._i64 = memoryview(self._results).cast("B").cast("q")

    def write(self, descriptors: Sequence[int], data: bytes) -> tuple[int, dict[int, int]]:
        """To as many as could be asked, from the first on, at most MOST, and not to whoever follows. They must be
        sockets that do not block, and stay open meanwhile.

        Returns how many, and the bytes taken of all that have not taken everything, by their place in `descriptors`:
        none of one that is full or gone. Raises OSError.
        """
        # After a fork the context is the parent's.
        if self._has_left_some or self._process != os.getpid() or not self._is_free.acquire(blocking=False):
            return 0, {}
        try:
            return self._write(descriptors[:MOST], data)
        finally:
            self._is_free.release()

    def _write(self, descriptors: Sequence[int], data: bytes) -> tuple[int, dict[int, int]]:
        number = len(descriptors)
        held = ctypes.c_char_p(data)
        address = ctypes.cast(held, ctypes.c_void_p).value or 0
        self._i32[_DESCRIPTOR : _REQUEST_I32 * number : _REQUEST_I32] = memoryview(array("i", descriptors))
        for field, value in ((_ADDRESS, address), (_SIZE, len(data))):
            self._u64[field : _REQUEST_U64 * number : _REQUEST_U64] = memoryview(array("Q", [value]) * number)
        self._has_left_some = True
        asked = max(self._call(self._submit, self._context, ctypes.c_long(number), self._requests), 0)
        if not asked:
            self._has_left_some = False
            return 0, {}
        count = ctypes.c_long(asked)
        # All are done already: it waits for nothing.
        if self._call(self._getevents, self._context, count, count, self._results, None) != asked:
            raise OSError(ctypes.get_errno(), "what was written is not known")
        self._has_left_some = False
        keys = self._i64[_KEY : _RESULT_I64 * asked : _RESULT_I64].tolist()
        taken = self._i64[_TAKEN : _RESULT_I64 * asked : _RESULT_I64].tolist()
        return asked, {key: max(size, 0) for key, size in zip(keys, taken, strict=True) if size != len(data)}


def _calls() -> tuple[int, int, int]:
    # A program of 32 bits has other numbers on the same machine.
    if sys.platform != "linux" or sys.maxsize < 2**32 or platform.machine() not in _CALLS:
        raise Unavailable(f"No numbers for {platform.machine()}.")
    return _CALLS[platform.machine()]
