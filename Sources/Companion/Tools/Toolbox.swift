import Foundation

/// Tools, and the one way to run them: checked, limited in time and length, never throwing.
public struct Toolbox: ToolRunning {
    /// What the model is told, in the order the tools were given.
    public let definitions: [ToolDefinition]
    /// Names that were allowed but are no tool's; worth a warning, because a persona counts on them.
    public let unknownNames: [String]
    private let tools: [String: any Tool]
    private let maximumLength: Int
    private let timeZone: TimeZone
    private let now: @Sendable () -> Date

    /// A toolbox of those tools that are allowed.
    ///
    /// - Parameters:
    ///   - tools: Where two have the same name, the first counts.
    ///   - allowed: Names, or beginnings of names with a `*`; nil allows all.
    ///   - maximumLength: Unicode scalars of a result that the model gets to see.
    ///   - timeZone: Where the user is.
    ///   - now: Tells the time.
    public init(
        _ tools: [any Tool], allowed: [String]? = nil, maximumLength: Int = 4000, timeZone: TimeZone = .current,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        var byName: [String: any Tool] = [:]
        var definitions: [ToolDefinition] = []
        for tool in tools where Self.isAllowed(tool.definition.name, by: allowed) {
            guard byName[tool.definition.name] == nil else { continue }
            byName[tool.definition.name] = tool
            definitions.append(tool.definition)
        }
        self.tools = byName
        self.definitions = definitions
        self.maximumLength = max(1, maximumLength)
        self.timeZone = timeZone
        self.now = now
        let names = tools.map(\.definition.name)
        unknownNames = (allowed ?? []).filter { pattern in !names.contains { Self.isAllowed($0, by: [pattern]) } }
    }

    /// Whether a tool of that name may be used, by names or beginnings with a `*`; nil allows all.
    static func isAllowed(_ name: String, by allowed: [String]?) -> Bool {
        guard let allowed else { return true }
        return allowed.contains { $0.hasSuffix("*") ? name.hasPrefix($0.dropLast()) : $0 == name }
    }

    /// Whether running the tool changes anything; false for a tool that is not there.
    public func hasSideEffects(_ name: String) -> Bool { tools[name]?.hasSideEffects ?? false }

    /// Runs a call within the tool's time limit. Whatever goes wrong is a result that says so; what comes back is plainly
    /// data, whatever it claims to be. Cancelling the task ends the call at once.
    public func run(_ call: ToolCall, context: ToolRunContext) async -> ToolResult {
        let outcome = await outcome(of: call, context: context)
        return ToolResult(
            text: ToolText.quoted(outcome.text, from: call.name, isError: outcome.isError), isError: outcome.isError,
            summary: ToolText.line(outcome.text, limit: 200))
    }

    /// What a tool said, cleaned and cut to length, before it is marked as data.
    package struct Outcome: Sendable, Equatable {
        package var text: String
        package var isError: Bool

        package init(text: String, isError: Bool) {
            self.text = text
            self.isError = isError
        }
    }

    package func outcome(of call: ToolCall, context: ToolRunContext) async -> Outcome {
        guard let tool = tools[call.name] else {
            let names = definitions.map(\.name).joined(separator: ", ")
            return failed("there is no tool of that name; the tools are: \(names.isEmpty ? "none" : names)")
        }
        let context = ToolContext(session: context.session, timeZone: timeZone, now: now)
        do {
            try Task.checkCancellation()
            let arguments = try ToolArguments.parse(call.arguments, for: tool.definition)
            let text = try await withDeadline(tool.timeLimit) {
                try await tool.run(arguments: arguments, context: context)
            }
            return Outcome(text: ToolText.plain(text, limit: maximumLength), isError: false)
        } catch let error as DeadlineExceeded {
            return failed("it gave no answer within \(error.limit.inWords); go on without it")
        } catch is CancellationError {
            return failed("the call was cancelled")
        } catch {
            return failed("\(error)")
        }
    }

    private func failed(_ reason: String) -> Outcome {
        Outcome(text: ToolText.plain(reason, limit: min(maximumLength, 1000)), isError: true)
    }
}

extension Duration {
    /// `8 s` or `250 ms`.
    var inWords: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}
