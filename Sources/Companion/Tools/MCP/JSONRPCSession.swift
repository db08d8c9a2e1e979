import Foundation
import JSON
import Locking

/// The client's side of JSON-RPC 2.0: which requests wait for an answer, and what becomes of what arrives.
///
/// Whatever the other side sends, nothing here throws or grows: what answers no request is dropped.
package final class JSONRPCSession: Sendable {
    typealias Answer = Result<JSONValue, any Error>

    private enum Request {
        case open
        case waiting(CheckedContinuation<JSONValue, any Error>)
        case answered(Answer)
    }

    private struct State {
        var nextID = 1
        var requests: [Int: Request] = [:]
        var idleMessages = 0
        var closed: String?
    }

    private let state = Locked(State())
    /// Messages in a row that may come without being an answer to anything.
    private static let maximumIdleMessages = 10_000

    package init() {}

    // MARK: Asking

    /// A number for a request that is about to be sent.
    package func open() -> Int {
        state.withLock { state in
            defer { state.nextID += 1 }
            state.requests[state.nextID] = .open
            return state.nextID
        }
    }

    /// Waits for the answer to an opened request.
    ///
    /// - Throws: ``ToolError`` for an error that the other side reports, or when it is gone; `CancellationError`.
    package func answer(to id: Int) async throws -> JSONValue {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(for: id, with: $0) }
        } onCancel: {
            resolve(id, .failure(CancellationError()))
        }
    }

    private func wait(for id: Int, with continuation: CheckedContinuation<JSONValue, any Error>) {
        let answer = state.withLock { state -> Answer? in
            if let reason = state.closed {
                state.requests[id] = nil
                return .failure(ToolError(reason))
            }
            if case .answered(let answer) = state.requests[id] {
                state.requests[id] = nil
                return answer
            }
            state.requests[id] = .waiting(continuation)
            return nil
        }
        if let answer { continuation.resume(with: answer) }
    }

    /// The first answer counts; false when none was awaited.
    @discardableResult
    private func resolve(_ id: Int, _ answer: Answer) -> Bool {
        let (continuation, isAwaited) = state.withLock { state in
            switch state.requests[id] {
            case .open:
                state.requests[id] = .answered(answer)
                return (CheckedContinuation<JSONValue, any Error>?.none, true)
            case .waiting(let continuation):
                state.requests[id] = nil
                return (continuation, true)
            case .answered, nil: return (nil, false)
            }
        }
        continuation?.resume(with: answer)
        return isAwaited
    }

    /// Nothing will arrive any more: all that wait are told why.
    package func close(_ reason: String) {
        let waiting = state.withLock { state in
            state.closed = state.closed ?? reason
            let ids = state.requests.keys
            return Array(ids)
        }
        for id in waiting { resolve(id, .failure(ToolError(reason))) }
    }

    // MARK: Hearing

    /// What a line from the other side asks of us in return, as lines to send.
    ///
    /// - Throws: ``ToolError`` when the other side floods us.
    package func receive(_ line: Data) throws -> [String] {
        guard let json = try? JSONValue(parsing: line, maximumDepth: 64) else {
            // Servers print what they should log; it is no message.
            try countIdle()
            return []
        }
        // Batches belong to one of the protocol's versions.
        let messages = json.array.map { Array($0.prefix(1000)) } ?? [json]
        var replies: [String] = []
        for message in messages {
            if let reply = try receive(message) { replies.append(reply.text()) }
        }
        return replies
    }

    private func receive(_ message: JSONValue) throws -> JSONValue? {
        guard let method = message["method"]?.string else {
            if let id = message["id"]?.integer, resolve(id, Self.answer(in: message)) {
                state.withLock { $0.idleMessages = 0 }
            } else {
                try countIdle()
            }
            return nil
        }
        try countIdle()
        // Without an id it is a notification, and none of those matters here.
        guard let id = message["id"], id.string != nil || id.integer != nil else { return nil }
        var reply = JSONObject([("jsonrpc", "2.0"), ("id", id)])
        if method == "ping" {
            reply["result"] = [:]
        } else {
            reply["error"] = ["code": -32601, "message": "this client has no such method"]
        }
        return .object(reply)
    }

    private static func answer(in message: JSONValue) -> Answer {
        if let error = message["error"], !error.isNull {
            let text = error["message"]?.string ?? "without saying why"
            return .failure(ToolError("it refused: " + ToolText.line(text, limit: 300)))
        }
        return .success(message["result"] ?? .null)
    }

    private func countIdle() throws {
        let isFlood = state.withLock { state in
            state.idleMessages += 1
            return state.idleMessages > Self.maximumIdleMessages
        }
        if isFlood { throw ToolError("it sends messages without end") }
    }
}
