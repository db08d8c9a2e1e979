import Locking

/// A model that says what a test tells it to, when the test tells it to.
package final class ScriptedChatModel: ChatModel {
    /// What it does next.
    package enum Step: Sendable {
        /// Reports this.
        case event(ChatModelEvent)
        /// Waits until the gate is open, or its task is cancelled.
        case gate(Gate)
        /// Waits until the gate is open, cancelled or not, as a model does that hears of it late.
        case stubbornGate(Gate)
        /// Fails.
        case fail(any Error)

        /// Text, and the end.
        package static func says(_ text: String) -> [Step] { [.event(.text(text)), .ends()] }
        /// A call, and the end.
        package static func calls(_ name: String, _ arguments: String = "{}", id: String = "c1") -> [Step] {
            [.event(.toolCall(ToolCall(id: id, name: name, arguments: arguments))), .ends("tool_calls")]
        }
        /// The end.
        package static func ends(_ reason: String = "stop") -> Step {
            .event(.finished(ChatModelSummary(finishReason: reason)))
        }
    }

    private struct State {
        var prompts: [ChatPrompt] = []
        var prepared: [ChatPrompt] = []
        var running = 0
    }

    package let name: String
    package let contextLength: Int
    private let script: @Sendable (ChatPrompt, Int) -> [Step]
    private let state = Locked(State())

    /// - Parameter script: The steps for a prompt, which is the model's so-and-so-manieth, counted from 0.
    package init(
        name: String = "scripted", contextLength: Int = 100_000,
        script: @escaping @Sendable (ChatPrompt, Int) -> [Step]
    ) {
        self.name = name
        self.contextLength = contextLength
        self.script = script
    }

    /// A model with one list of steps for each prompt; after the last, it says nothing.
    package convenience init(contextLength: Int = 100_000, _ replies: [Step]...) {
        self.init(contextLength: contextLength) { _, number in
            number < replies.count ? replies[number] : [.ends()]
        }
    }

    /// The prompts it was given, and those it was to read ahead.
    package var prompts: [ChatPrompt] { state.withLock { $0.prompts } }
    package var prepared: [ChatPrompt] { state.withLock { $0.prepared } }
    /// Replies that go on.
    package var running: Int { state.withLock { $0.running } }

    package func reply(to prompt: ChatPrompt) -> AsyncThrowingStream<ChatModelEvent, any Error> {
        let number = state.withLock { state in
            state.prompts.append(prompt)
            state.running += 1
            return state.prompts.count - 1
        }
        let steps = script(prompt, number)
        return AsyncThrowingStream { continuation in
            let task = Task {
                defer { state.withLock { $0.running -= 1 } }
                for step in steps {
                    switch step {
                    case .event(let event): continuation.yield(event)
                    case .gate(let gate): await gate.wait()
                    case .stubbornGate(let gate): await Task { await gate.wait() }.value
                    case .fail(let error):
                        continuation.finish(throwing: error)
                        return
                    }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    package func prepare(_ prompt: ChatPrompt) async { state.withLock { $0.prepared.append(prompt) } }

    /// A token a word, and four a message.
    package func tokenCount(of prompt: ChatPrompt) async throws -> Int {
        prompt.messages.reduce(0) { $0 + 4 + $1.content.split(separator: " ").count }
    }
}

/// A door in a script: those who come wait until somebody opens it.
package final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var nextID = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var arrivals = 0
        var watchers: [(arrivals: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Locked(State())

    package init() {}

    /// Lets all through, for good.
    package func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits until the gate is open or the task is cancelled.
    package func wait() async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (passes, watchers) = state.withLock { state in
                    state.arrivals += 1
                    let passes = state.isOpen || Task.isCancelled
                    if !passes { state.waiting[id] = continuation }
                    let reached = state.watchers.filter { $0.arrivals <= state.arrivals }.map(\.continuation)
                    state.watchers.removeAll { $0.arrivals <= state.arrivals }
                    return (passes, reached)
                }
                for watcher in watchers { watcher.resume() }
                if passes { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
    }

    /// Waits until so many have come to the gate.
    package func arrival(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.arrivals < count { state.watchers.append((count, continuation)) }
                return state.arrivals >= count
            }
            if isReached { continuation.resume() }
        }
    }
}
