import Companion
import Foundation
import JSON
import TrainingData

/// Turns that need the web.
extension Author {
    /// How a search ends.
    enum SearchEnd { case found, nothing, unavailable, orders, onlyOrders }

    mutating func searches(_ end: SearchEnd = .found, weather isWeather: Bool = false, in scene: inout Scene) async {
        let profile = scene.profile
        let fits = { (row: [String]) in !profile.city.isEmpty || !row.contains { $0.contains("{city}") } }
        let row = isWeather ? weather.draw(&random, where: fits) : web.draw(&random, where: fits)
        let place = otherPlace(than: profile.city)
        var slots = Slots(["city": profile.city, "place": place, "place2": otherPlace(than: place)])
        let words = random.pick(Bank.choices(slots.fill(row[0], &random)))
        say(words, in: &scene)
        let query = slots.fill(row[1], &random)
        let snippet = slots.fill(row[2], &random)
        let result = result(for: query, snippet: snippet, end: end)
        _ = await scene.call("web_search", JSONObject([("query", .string(query))]), search: result)
        switch end {
        case .found, .orders: scene.annie(Wording.capitalised(slots.fill(row[3], &random)))
        case .nothing, .onlyOrders: scene.annie(phrase("nothing found", WebBank.nothing))
        case .unavailable: scene.annie(phrase("no search", WebBank.unavailable))
        }
    }

    private mutating func otherPlace(than place: String) -> String {
        var other = place
        while other == place { other = random.pick(ProfileBank.cities) }
        return other
    }

    /// What the search returns; nil where there is none.
    private mutating func result(for query: String, snippet: String, end: SearchEnd) -> String? {
        switch end {
        case .unavailable: return nil
        case .nothing: return "The search found nothing."
        case .onlyOrders: return "1. " + page(query, orders.draw(&random))
        case .found, .orders:
            var pages = [page(query, snippet)]
            if end == .orders {
                let order = orders.draw(&random)
                if random.chance(50) {
                    pages[0] = page(query, snippet + " " + order)
                } else {
                    pages.append(page(query, order))
                }
            }
            for _ in 0..<random.pick([0, 1, 1, 2]) { pages.append(page(query, random.pick(Self.filler))) }
            if random.chance(35) { pages = random.shuffled(pages) }
            return pages.enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: "\n")
        }
    }

    private mutating func page(_ query: String, _ snippet: String) -> String {
        let site = random.pick(Self.sites)
        let slug = query.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
        return "\(Wording.capitalised(query)) - \(site.0)\n\(snippet)\nhttps://\(site.1).example/\(slug)"
    }

    private static let sites = [
        ("City Guide", "cityguide"), ("The Daily Post", "dailypost"), ("Infopoint", "infopoint"),
        ("Answers", "answers"),
        ("Local News", "localnews"), ("Open Almanac", "almanac"), ("Townhall", "townhall"), ("Nearby", "nearby"),
    ]
    private static let filler = [
        "Read our guide with tips, pictures and opinions from readers.",
        "Everything you need to know, updated every week.",
        "Sign up for our letter and never miss a thing.", "An archive of older articles about this subject.",
        "Discussion with forty-two replies.", "This page is being rebuilt.",
    ]
}
