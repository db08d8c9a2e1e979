import AsyncHTTPClient
import Foundation
import JSON
import NIOCore

/// Where the web is searched.
public struct WebSearchService: Sendable, CustomStringConvertible {
    private enum Kind { case searxng, brave, tavily }

    private let kind: Kind
    private let address: String
    private let key: String

    /// A SearXNG instance, which must allow JSON (`formats: [html, json]` in its settings).
    ///
    /// - Parameter url: Its address, such as `http://localhost:8080`.
    public static func searxng(_ url: String) -> WebSearchService {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        return WebSearchService(kind: .searxng, address: base.hasSuffix("/search") ? base : base + "/search", key: "")
    }

    /// Brave's search API.
    public static func brave(key: String) -> WebSearchService {
        brave(key: key, address: "https://api.search.brave.com/res/v1/web/search")
    }

    /// Tavily's search API.
    public static func tavily(key: String) -> WebSearchService {
        tavily(key: key, address: "https://api.tavily.com/search")
    }

    package static func brave(key: String, address: String) -> WebSearchService {
        WebSearchService(kind: .brave, address: address, key: key)
    }

    package static func tavily(key: String, address: String) -> WebSearchService {
        WebSearchService(kind: .tavily, address: address, key: key)
    }

    /// The first that is configured: `ANNIE_SEARXNG_URL`, `BRAVE_API_KEY`, `TAVILY_API_KEY`; nil when none is.
    public static func configured(in environment: [String: String]) -> WebSearchService? {
        let value = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        return value("ANNIE_SEARXNG_URL").map(searxng) ?? value("BRAVE_API_KEY").map { brave(key: $0) }
            ?? value("TAVILY_API_KEY").map { tavily(key: $0) }
    }

    /// The service's name, without its key.
    public var description: String {
        switch kind {
        case .searxng: "SearXNG"
        case .brave: "Brave Search"
        case .tavily: "Tavily"
        }
    }

    /// What is asked of the service.
    func request(for query: String, count: Int) -> HTTPClientRequest {
        let text = query.addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? ""
        var request: HTTPClientRequest
        switch kind {
        case .searxng: request = HTTPClientRequest(url: "\(address)?q=\(text)&format=json")
        case .brave:
            request = HTTPClientRequest(url: "\(address)?q=\(text)&count=\(count)")
            request.headers.add(name: "X-Subscription-Token", value: key)
        case .tavily:
            request = HTTPClientRequest(url: address)
            request.method = .POST
            request.headers.add(name: "Authorization", value: "Bearer \(key)")
            request.headers.add(name: "Content-Type", value: "application/json")
            let body: JSONValue = ["query": .string(query), "max_results": .integer(count)]
            request.body = .bytes(ByteBuffer(string: body.text()))
        }
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "annie")
        return request
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    /// What the service found.
    ///
    /// - Throws: ``ToolError`` when the answer has another shape than the service's.
    func pages(in answer: JSONValue) throws -> [WebPage] {
        let results: JSONValue?
        switch kind {
        case .searxng, .tavily: results = answer["results"]
        // Brave leaves the list out when there is nothing.
        case .brave: results = answer["web"]?["results"] ?? (answer["type"]?.string == "search" ? [] : nil)
        }
        guard let results = results?.array else {
            throw ToolError("\(self) answered with something else than search results; go on without a search")
        }
        return results.compactMap { WebPage(title: $0["title"], snippet: $0[snippetKey], url: $0["url"]) }
    }

    private var snippetKey: String { kind == .brave ? "description" : "content" }
}

/// A page that was found, as plain text.
struct WebPage: Equatable {
    let title: String
    let snippet: String
    let url: String

    /// Nil for what is not a page on the web.
    init?(title: JSONValue?, snippet: JSONValue?, url: JSONValue?) {
        guard let url = url?.string, url.hasPrefix("https://") || url.hasPrefix("http://"),
            !url.contains(where: \.isWhitespace)
        else { return nil }
        self.url = ToolText.line(url, limit: 200)
        let title = Self.text(title, limit: 120)
        self.title = title.isEmpty ? self.url : title
        self.snippet = Self.text(snippet, limit: 300)
    }

    /// Services mark the words that matched in HTML.
    private static func text(_ json: JSONValue?, limit: Int) -> String {
        var text = String((json?.string ?? "").unicodeScalars.prefix(limit * 8))
        text = text.replacing(/<\/?[A-Za-z][^<>]*>/, with: "")
        for (entity, character) in entities { text = text.replacing(entity, with: character) }
        return ToolText.line(text, limit: limit)
    }

    private static let entities = [
        ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "),
        ("&amp;", "&"),
    ]
}
