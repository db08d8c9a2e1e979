import JSON

/// The tools of a persona, and the one way to run them: checked, limited in time and length, never throwing.
public struct Toolbox: Sendable {
    /// What the model is told, in the order the tools were given.
    public let definitions: [ToolDefinition]
    /// Names that were allowed but are no tool's; worth a warning, because a persona counts on them.
    public let unknownNames: [String]
    private let tools: [String: any Tool]
    private let maximumLength: Int

    /// A toolbox of those tools that are allowed.
    ///
    /// - Parameters:
    ///   - tools: Where two have the same name, the first counts.
    ///   - allowed: Names, or beginnings of names with a `*`; nil allows all.
    ///   - maximumLength: Unicode scalars of a result that the model gets to see.
    public init(_ tools: [any Tool], allowed: [String]? = nil, maximumLength: Int = 4000) {
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
        let names = tools.map(\.definition.name)
        unknownNames = (allowed ?? []).filter { pattern in !names.contains { Self.isAllowed($0, by: [pattern]) } }
    }

    private static func isAllowed(_ name: String, by allowed: [String]?) -> Bool {
        guard let allowed else { return true }
        return allowed.contains { $0.hasSuffix("*") ? name.hasPrefix($0.dropLast()) : $0 == name }
    }

    /// Whether running the tool changes anything; false for a tool that is not there.
    public func hasSideEffects(_ name: String) -> Bool { tools[name]?.hasSideEffects ?? false }

    /// Runs calls that the model made at once, and gives their results in the calls' order.
    ///
    /// Calls run side by side, but for those that change something: such a call waits for all before it, and all after
    /// it wait for it. Cancelling the task ends all of them; what has not finished then is a failed result.
    public func run(_ calls: [ToolCall], context: ToolContext) async -> [ToolOutcome] {
        var results: [ToolOutcome] = []
        var rest = calls[...]
        while let first = rest.first {
            let sideBySide = rest.prefix { !hasSideEffects($0.name) }
            guard !sideBySide.isEmpty else {
                results.append(await run(first, context: context))
                rest = rest.dropFirst()
                continue
            }
            results += await runSideBySide(Array(sideBySide), context: context)
            rest = rest.dropFirst(sideBySide.count)
        }
        return results
    }

    private func runSideBySide(_ calls: [ToolCall], context: ToolContext) async -> [ToolOutcome] {
        await withTaskGroup(of: (Int, ToolOutcome).self) { group in
            for (position, call) in calls.enumerated() {
                group.addTask { (position, await run(call, context: context)) }
            }
            var results: [Int: ToolOutcome] = [:]
            for await (position, result) in group { results[position] = result }
            return calls.indices.compactMap { results[$0] }
        }
    }

    /// Runs one call. Whatever goes wrong is a result that says so.
    public func run(_ call: ToolCall, context: ToolContext) async -> ToolOutcome {
        guard let tool = tools[call.name] else {
            let names = definitions.map(\.name).joined(separator: ", ")
            return failed(call, "there is no tool of that name; the tools are: \(names.isEmpty ? "none" : names)")
        }
        do {
            try Task.checkCancellation()
            let arguments = try ToolArguments.parse(call.arguments, for: tool.definition)
            let text = try await withDeadline(tool.timeLimit) {
                try await tool.run(arguments: arguments, context: context)
            }
            return ToolOutcome(call: call, text: ToolText.plain(text, limit: maximumLength), isError: false)
        } catch let error as DeadlineExceeded {
            return failed(call, "it gave no answer within \(error.limit.inWords); go on without it")
        } catch is CancellationError {
            return failed(call, "the call was cancelled")
        } catch {
            return failed(call, "\(error)")
        }
    }

    private func failed(_ call: ToolCall, _ reason: String) -> ToolOutcome {
        ToolOutcome(call: call, text: ToolText.plain(reason, limit: min(maximumLength, 1000)), isError: true)
    }
}

extension Duration {
    /// `8 s` or `250 ms`.
    var inWords: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}
