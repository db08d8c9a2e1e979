"""A UDP relay that loses and delays packets in both directions, with a fixed seed."""

import asyncio
import random
import re


class _Side(asyncio.DatagramProtocol):
    def __init__(self, deliver):
        self.deliver = deliver

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.deliver(data, address)


class Relay:
    """Stands where the server is: each caller's socket gets one of its own towards the server."""

    @classmethod
    async def start(cls, loss, jitter, seed=1):
        self = cls()
        self.loss, self.jitter = loss, jitter
        self.random = random.Random(seed)
        self.server = None
        self.ways = {}
        self.loop = asyncio.get_running_loop()
        self.front, _ = await self.loop.create_datagram_endpoint(
            lambda: _Side(self.from_caller), local_addr=("127.0.0.1", 0)
        )
        return self

    def rewrite(self, sdp):
        """The answer, with the relay's address in place of the server's."""
        port = self.front.get_extra_info("sockname")[1]
        found = re.search(r"a=candidate:\S+ \d udp \d+ (\S+) (\d+) typ host", sdp)
        self.server = (found.group(1), int(found.group(2)))
        return sdp.replace(f" {self.server[0]} {self.server[1]} ", f" 127.0.0.1 {port} ")

    def from_caller(self, data, address):
        self.loop.create_task(self.forward(data, address))

    async def forward(self, data, address):
        if address not in self.ways:
            self.ways[address] = asyncio.ensure_future(
                self.loop.create_datagram_endpoint(
                    lambda: _Side(lambda reply, _: self.later(self.front, reply, address)),
                    local_addr=("127.0.0.1", 0),
                )
            )
        transport, _ = await asyncio.shield(self.ways[address])
        self.later(transport, data, self.server)

    def later(self, transport, data, address):
        if self.random.random() < self.loss:
            return
        self.loop.call_later(self.random.uniform(0, self.jitter), self.deliver, transport, data, address)

    def deliver(self, transport, data, address):
        if not transport.is_closing():
            transport.sendto(data, address)

    def stop(self):
        self.front.close()
        for way in self.ways.values():
            if way.done():
                way.result()[0].close()
