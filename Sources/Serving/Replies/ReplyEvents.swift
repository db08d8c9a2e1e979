import Inference

/// What a request's generations report, in the order it happens.
struct ChoiceEvent: Sendable {
    /// Which of the request's generations.
    var choice: Int
    var event: GenerationEvent
}

/// A generation's events stopped before its end was told.
struct GenerationBrokeOff: Error {}

/// The events of a request's generations as one stream, which ends early when the request is stopped.
enum ReplyEvents {
    typealias Generation = AsyncThrowingStream<GenerationEvent, any Error>

    /// Merges the generations. Dropping the stream cancels them all.
    static func merge(_ generations: [Generation], stop: StopSignal) -> AsyncThrowingStream<ChoiceEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await forward(generations) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
            stop.onStop { continuation.finish(throwing: $0) }
        }
    }

    private static func forward(
        _ generations: [Generation], to yield: @escaping @Sendable (ChoiceEvent) -> Void
    ) async throws {
        guard generations.count > 1 else {
            for (choice, generation) in generations.enumerated() {
                try await forward(generation, choice: choice, to: yield)
            }
            return
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (choice, generation) in generations.enumerated() {
                group.addTask { try await forward(generation, choice: choice, to: yield) }
            }
            try await group.waitForAll()
        }
    }

    private static func forward(
        _ generation: Generation, choice: Int, to yield: (ChoiceEvent) -> Void
    ) async throws {
        for try await event in generation {
            yield(ChoiceEvent(choice: choice, event: event))
            if case .finished = event { return }
        }
        try Task.checkCancellation()
        throw GenerationBrokeOff()
    }
}
