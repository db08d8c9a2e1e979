import JSON

/// `web_search`: titles, snippets and addresses of a few pages.
public struct WebSearchTool: Tool {
    private let service: WebSearchService?
    private let client: WebClient
    private static let maximumPages = 5

    /// A tool that asks this service; with none, it says that no search is set up.
    public init(service: WebSearchService?) { self.init(service: service, client: WebClient()) }

    package init(service: WebSearchService?, timeLimit: Duration) {
        self.init(service: service, client: WebClient(timeLimit: timeLimit))
    }

    private init(service: WebSearchService?, client: WebClient) {
        self.service = service
        self.client = client
    }

    /// What the model is told.
    public let definition = ToolDefinition(
        name: "web_search",
        description: "Search the web for current facts, news, weather, prices, or anything you do not know.",
        parameters: ToolSchema.object(
            [("query", ToolSchema.string("What to search for, in a few words"))], required: ["query"]))
    /// It only reads.
    public let hasSideEffects = false
    /// A little more than the request's own, whose message says more.
    public var timeLimit: Duration { client.timeLimit + .seconds(2) }

    /// At most five pages, or that there is nothing.
    public func run(arguments: JSONObject, context: ToolContext) async throws -> String {
        guard let service else {
            throw ToolError(
                "no web search is set up on this machine; tell the user so. Set ANNIE_SEARXNG_URL, BRAVE_API_KEY or "
                    + "TAVILY_API_KEY to have one")
        }
        let query = ToolText.line(arguments["query"]?.string ?? "", limit: 300)
        guard !query.isEmpty else { throw ToolError("the query is empty; call web_search again with a few words") }
        let answer = try await client.json(
            service.request(for: query, count: Self.maximumPages), from: service.description)
        let pages = try service.pages(in: answer).prefix(Self.maximumPages)
        guard !pages.isEmpty else { return "The search found nothing." }
        return pages.enumerated().map { number, page in
            "\(number + 1). \(page.title)\n\(page.snippet.isEmpty ? "" : page.snippet + "\n")\(page.url)"
        }.joined(separator: "\n")
    }
}
