"""Calls the echo program from headless Chromium: connect, sound, text, renegotiation, ICE restart, restart.

    python chromium_call.py ECHO_PROGRAM [--chromium /usr/bin/chromium] [--host 127.0.0.1] [--save-offer FILE]
"""

import argparse
import asyncio
import sys

from playwright.async_api import async_playwright

from aiortc_call import Echo, expect

PAGE = """
async () => {
    const context = new AudioContext();
    await context.resume();
    const tone = new OscillatorNode(context, {frequency: 440});
    const microphone = context.createMediaStreamDestination();
    tone.connect(microphone);
    tone.start();

    window.start = async () => {
        const peer = window.peer = new RTCPeerConnection();
        const sound = peer.addTransceiver(microphone.stream.getAudioTracks()[0], {direction: 'sendrecv'});
        peer.addTransceiver('video', {direction: 'sendrecv'});
        const channel = window.channel = peer.createDataChannel('chat', {ordered: true});
        window.texts = [];
        channel.onmessage = event => window.texts.push(event.data);
        peer.ontrack = event => {
            if (event.track.kind !== 'audio') return;
            const stream = new MediaStream([event.track]);
            const element = new Audio();
            element.muted = true;
            element.srcObject = stream;
            element.play();
            const analyser = window.analyser = new AnalyserNode(context, {fftSize: 2048});
            context.createMediaStreamSource(stream).connect(analyser);
        };
        return new Promise(resolve => {
            channel.onopen = () => resolve();
            window.connected = new Promise(done => {
                peer.onconnectionstatechange = () => peer.connectionState === 'connected' && done(performance.now());
            });
            window.negotiate(null, false);
        });
    };
    window.negotiate = async (id, restarts) => {
        const started = performance.now();
        await peer.setLocalDescription(await peer.createOffer());
        const answer = await window.signal(peer.localDescription.sdp, id, restarts);
        window.line = answer.connectionID;
        await peer.setRemoteDescription({type: 'answer', sdp: answer.sdp});
        await window.connected.then(at => window.connectMs ??= at - started);
        return answer;
    };
    window.say = text => new Promise(resolve => {
        const before = window.texts.length;
        const timer = setInterval(() => {
            if (window.texts.length > before) { clearInterval(timer); resolve(window.texts.at(-1)); }
        }, 5);
        channel.send(text);
    });
    window.level = async () => {
        const spectrum = new Float32Array(analyser.frequencyBinCount);
        analyser.getFloatFrequencyData(spectrum);
        const bin = spectrum.indexOf(Math.max(...spectrum));
        return {frequency: bin * context.sampleRate / 2048, decibel: Math.max(...spectrum)};
    };
    window.fragment = () => peer.remoteDescription.sdp.match(/a=ice-ufrag:(\\S+)/)[1];
    window.audioDelay = async () => {
        for (const report of (await peer.getStats()).values()) {
            if (report.type === 'inbound-rtp' && report.kind === 'audio')
                return 1000 * report.jitterBufferDelay / report.jitterBufferEmittedCount;
        }
    };
}
"""


async def listen(page, seconds=1.5):
    await page.wait_for_timeout(seconds * 1000)
    level = await page.evaluate("level()")
    expect(abs(level["frequency"] - 440) < 30 and level["decibel"] > -60, f"the echo is {level}")


async def check(page, echo, options):
    saved = []

    async def signal(sdp, connection, restarts):
        saved.append(sdp)
        request = {"sdp": sdp, "restarts": restarts}
        if connection:
            request["connectionID"] = connection
        return await echo.ask(**request)

    await page.expose_function("signal", signal)
    await page.evaluate(PAGE)
    await page.evaluate("start()")
    if options.save_offer:
        with open(options.save_offer, "w", newline="") as file:
            file.write(saved[0])
    expect(await page.evaluate("say('Grüße')") == "Grüße", "the text came back changed")
    await listen(page)
    print(f"ok   call connect_ms={await page.evaluate('connectMs'):.1f} "
          f"jitter_buffer_ms={await page.evaluate('audioDelay()'):.1f}", flush=True)

    await page.evaluate("peer.addTransceiver('video', {direction: 'sendonly'}) && negotiate(line, false)")
    await listen(page, 0.5)
    print("ok   renegotiation", flush=True)

    before = await page.evaluate("fragment()")
    await page.evaluate("peer.restartIce() || negotiate(line, false)")
    await listen(page)
    expect(await page.evaluate("fragment()") != before, "an ICE restart kept the old fragment")
    expect(await page.evaluate("say('restarted')") == "restarted", "no text after an ICE restart")
    expect(await page.evaluate("peer.iceConnectionState") in ("connected", "completed"), "ICE is not connected")
    print("ok   ice-restart", flush=True)

    line = await page.evaluate("line")
    statistics = await echo.ask(statistics=line)
    expect(statistics["events"] == ["connected", "channelOpened"], f"events were {statistics['events']}")
    await page.evaluate("peer.close()")
    await page.wait_for_timeout(3000)
    events = (await echo.ask(statistics=line))["events"]
    expect(events[-1] == "closed remote", f"after closing, events were {events}")
    print("ok   closing", flush=True)


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--save-offer")
    options = parser.parse_args()
    echo = await Echo.start(options.program, options.host)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=options.chromium, headless=False,
            args=["--headless=new", "--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        page = await browser.new_page()
        try:
            await asyncio.wait_for(check(page, echo, options), 60)
            failed = False
        except Exception as error:
            print(f"FAIL {type(error).__name__}: {error}")
            failed = True
        await browser.close()
    await echo.stop()
    sys.exit(failed)


if __name__ == "__main__":
    asyncio.run(main())
