import Hummingbird
import JSON
import NIOCore

/// Turns a request's events into bytes: a whole reply is the fold of the stream.
protocol ReplyAssembler: Sendable {
    /// Chunks for an event.
    mutating func receive(_ event: ChoiceEvent) -> [JSONValue]
    /// Chunks after the last event.
    mutating func finish() -> [JSONValue]
    /// The events could not go on.
    func fail(_ error: any Error)
}

enum ReplyStream {
    /// A reply by server-sent events.
    ///
    /// The first event is awaited before the head is sent, so that a refusal still gets its own status.
    static func response(
        _ events: AsyncThrowingStream<ChoiceEvent, any Error>, run: ReplyRun, assembler: some ReplyAssembler
    ) async throws -> Response {
        let first: ChoiceEvent?
        do {
            var iterator = events.makeAsyncIterator()
            first = try await iterator.next()
        } catch {
            assembler.fail(error)
            run.end()
            throw error
        }
        let body = ResponseBody { writer in
            defer { run.end() }
            var assembler = assembler
            do {
                if let first { try await write(assembler.receive(first), to: &writer) }
                for try await event in events { try await write(assembler.receive(event), to: &writer) }
                try await write(assembler.finish(), to: &writer)
            } catch {
                assembler.fail(error)
                try await explain(error, to: &writer)
            }
            try await send(ServerSentEvents.done, to: &writer)
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache",
                // Proxies that gather a response before passing it on would undo the streaming.
                .acceptBuffering: "no",
            ], body: body)
    }

    private static func write(_ chunks: [JSONValue], to writer: inout any ResponseBodyWriter) async throws {
        guard !chunks.isEmpty else { return }
        var buffer = ByteBuffer()
        for chunk in chunks { buffer.writeImmutableBuffer(ServerSentEvents.event(chunk)) }
        try await send(buffer, to: &writer)
    }

    /// A write fails only because nobody is there any more to read.
    private static func send(_ buffer: ByteBuffer, to writer: inout any ResponseBodyWriter) async throws {
        do { try await writer.write(buffer) } catch { throw StopSignal.Reason.clientGone }
    }

    /// The head is sent, so the error comes as an event. To a client that has gone there is nothing to say.
    private static func explain(_ error: any Error, to writer: inout any ResponseBodyWriter) async throws {
        if let reason = error as? StopSignal.Reason, reason == .clientGone { throw error }
        try await send(ServerSentEvents.event(APIError(describing: error).body), to: &writer)
    }
}
