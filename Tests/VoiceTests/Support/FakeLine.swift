import JSON
import Locking
import WebRTC

/// A line in memory: the test is the page and the browser.
final class FakeLine: CallTransport {
    private struct State {
        var messages: [JSONValue] = []
        var waiters: [(matches: @Sendable (JSONValue) -> Bool, found: CheckedContinuation<Void, Never>)] = []
        var source: (any AudioSource)?
        var isClosed = false
    }

    let id = "line"
    let events: AsyncStream<CallEvent>
    private let continuation: AsyncStream<CallEvent>.Continuation
    private let state = Locked(State())

    init() {
        (events, continuation) = AsyncStream.makeStream()
    }

    func send(_ message: String) {
        guard let json = try? JSONValue(parsing: message) else { return }
        let found = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.messages.append(json)
            let found = state.waiters.filter { $0.matches(json) }.map(\.found)
            state.waiters.removeAll { $0.matches(json) }
            return found
        }
        found.forEach { $0.resume() }
    }

    func play(_ source: (any AudioSource)?) { state.withLock { $0.source = source } }

    func close() { end(.local) }

    func end(_ reason: CallEnd) {
        let isFirst = state.withLock { state -> Bool in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        continuation.yield(.closed(reason))
        continuation.finish()
    }

    // MARK: The page

    var isClosed: Bool { state.withLock { $0.isClosed } }
    var messages: [JSONValue] { state.withLock { $0.messages } }

    func messages(_ type: String) -> [JSONValue] { messages.filter { $0["type"]?.string == type } }

    func happen(_ event: CallEvent) { continuation.yield(event) }

    func tell(_ type: String, id: String = "1", _ data: JSONValue? = nil) {
        var message = JSONObject([("label", "rtvi-ai"), ("type", .string(type)), ("id", .string(id))])
        if let data { message["data"] = data }
        happen(.message(JSONValue.object(message).text(.compact)))
    }

    /// Waits for a message, also one that came before.
    func wait(for matches: @escaping @Sendable (JSONValue) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state -> Bool in
                if state.messages.contains(where: matches) { return true }
                state.waiters.append((matches, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    func wait(for type: String) async { await wait { $0["type"]?.string == type } }

    func wait(forPhase phase: String) async { await wait { $0["data"]?["phase"]?.string == phase } }

    /// Draws a frame as the line would; its loudest sample.
    func draw() -> Int16 {
        guard let source = state.withLock({ $0.source }) else { return 0 }
        var frame = [Int16](repeating: 0, count: 480)
        _ = frame.withUnsafeMutableBufferPointer { source.read(into: $0) }
        return frame.max() ?? 0
    }

    /// Lets her be heard until the page is told something.
    func listen(until type: String, count: Int = 1) async -> Int {
        var audible = 0
        while !Task.isCancelled, messages(type).count < count {
            if draw() > 0 { audible += 1 }
            await Task.yield()
        }
        return audible
    }
}
