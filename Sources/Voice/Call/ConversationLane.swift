import Companion
import Logging

/// Does to the conversation what the turn decides, one thing after the other, so that the history is written in the order
/// in which things were said.
struct ConversationLane: Sendable {
    /// What is to be done with the reply of that generation.
    enum Step: Sendable {
        case begin(Int, String)
        case commit(Int)
        case discard(Int)
        case interrupt(Int, heard: String)
        case complete(Int)
    }

    private let replying: any Replying
    private let report: @Sendable (TurnInput) -> Void
    private let logger: Logger
    private let steps: AsyncStream<Step>
    private let continuation: AsyncStream<Step>.Continuation

    init(replying: any Replying, logger: Logger, report: @escaping @Sendable (TurnInput) -> Void) {
        self.replying = replying
        self.report = report
        self.logger = logger
        (steps, continuation) = AsyncStream.makeStream()
    }

    func add(_ step: Step) { continuation.yield(step) }

    /// No step comes any more; ``run()`` returns when the last is done.
    func finish() { continuation.finish() }

    /// Does the steps as they come.
    func run() async {
        var replies: [Int: any Reply] = [:]
        var readers: [Int: Task<Void, Never>] = [:]
        for await step in steps {
            switch step {
            case .begin(let id, let text):
                do {
                    let reply = try await replying.begin(text)
                    replies[id] = reply
                    readers[id] = read(reply, id)
                } catch {
                    fail(id, error)
                }
            case .commit(let id):
                do {
                    guard let reply = replies[id] else { continue }
                    try await reply.commit()
                    report(.committed(id: id))
                } catch {
                    await replies.removeValue(forKey: id)?.discard()
                    fail(id, error)
                }
            case .discard(let id): await replies[id]?.discard()
            case .interrupt(let id, let heard): await replies[id]?.interrupt(heard: heard)
            case .complete(let id): await replies[id]?.complete()
            }
            if let id = step.last {
                replies[id] = nil
                readers.removeValue(forKey: id)?.cancel()
            }
        }
        readers.values.forEach { $0.cancel() }
    }

    private func read(_ reply: any Reply, _ id: Int) -> Task<Void, Never> {
        Task { [report] in
            for await event in reply.events { report(.reply(id: id, event)) }
            report(.replyEnded(id: id))
        }
    }

    private func fail(_ id: Int, _ error: any Error) {
        logger.warning("reply failed: \(error)")
        report(.replyFailed(id: id, "\(error)"))
    }
}

extension ConversationLane.Step {
    /// The reply this step is the last of.
    fileprivate var last: Int? {
        switch self {
        case .begin, .commit: nil
        case .discard(let id), .interrupt(let id, _), .complete(let id): id
        }
    }
}
