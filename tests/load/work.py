"""What the processes of a benchmark did meanwhile: time of processors, of the web process by thread, and memory."""

import time

import psutil

from tests.servers.product import Product

#: Parts of a core: of what did less nothing is told.
LEAST_TOLD = 0.005


class Work:
    """From when it is made until `end`."""

    def __init__(self, product: Product) -> None:
        self._web = psutil.Process(product.pid("web"))
        self._others = {"redis": psutil.Process(product.pid("redis")), "this client": psutil.Process()}
        self._megabytes = [self._resident()]
        self._began = time.perf_counter()
        self._before = self._spent()

    def end(self) -> None:
        seconds = time.perf_counter() - self._began
        self._cores = {
            name: ((user - self._before[name][0]) / seconds, (kernel - self._before[name][1]) / seconds)
            for name, (user, kernel) in self._spent().items()
            if name in self._before
        }
        self._megabytes.append(self._resident())

    def told(self) -> str:
        """A line for the web process, and one for each that did something, the busiest first."""
        web = sum(sum(cores) for name, cores in self._cores.items() if name not in self._others)
        before, after = self._megabytes
        busiest = sorted(self._cores.items(), key=lambda each: sum(each[1]), reverse=True)
        return "\n".join(
            [
                f"web process: {web:.0%} of a core, {before:.0f} MB before, {after:.0f} MB after",
                *(
                    f"  {name}: {user + kernel:.0%} of a core, {kernel:.0%} in the kernel"
                    for name, (user, kernel) in busiest
                    if user + kernel > LEAST_TOLD
                ),
            ]
        )

    def _spent(self) -> dict[str, tuple[float, float]]:
        """Seconds of processor so far, outside of the kernel and in it."""
        threads = {self._name(each.id): (each.user_time, each.system_time) for each in self._web.threads()}
        return threads | {name: process.cpu_times()[:2] for name, process in self._others.items()}

    def _name(self, thread: int) -> str:
        # Of the threads that are no event loop one works: that of the database.
        return "web, event loop" if thread == self._web.pid else f"web, thread {thread}"

    def _resident(self) -> float:
        return float(self._web.memory_info().rss) / 1e6
