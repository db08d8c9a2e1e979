import Companion
import Foundation
import JSON
import TrainingData

/// Turns about what the user told before.
extension Author {
    /// A drawn fact, filled in.
    struct Known {
        var topic, query, fact, told, asked, answer: String
    }

    mutating func known() -> Known {
        let row = facts.draw(&random)
        var slots = Slots()
        let fact = slots.fill(row[2], &random)
        let topic = slots.fill(row[0], &random)
        let asked =
            random.chance(22)
            ? phrase("look up", MemoryBank.lookUps).replacing("{mine}", with: Self.mine(topic))
            : slots.fill(random.pick(Bank.choices(row[4])), &random)
        return Known(
            topic: topic, query: slots.fill(row[1], &random), fact: Wording.capitalised(fact),
            told: slots.fill(random.pick(Bank.choices(row[3])), &random),
            asked: asked, answer: Self.sentence(slots.fill(row[5], &random)))
    }

    /// What is said to the user, as the user says it: "where you keep your tent" is "where I keep my tent".
    private static func mine(_ topic: String) -> String {
        let words = topic.split(separator: " ").map(String.init)
        return words.enumerated().map { place, word in
            switch word {
            case "your": "my"
            case "you": place == words.count - 1 ? "me" : "I"
            default: word
            }
        }.joined(separator: " ")
    }

    /// A fact of which the profile says nothing, so that neither contradicts the other.
    private mutating func known(besides profile: Profile) -> Known {
        let told = profile.preferences.joined(separator: " ").lowercased()
        for _ in 0..<30 {
            let known = known()
            let words = known.query.lowercased().split { !$0.isLetter }.filter { $0.count > 2 }.map(String.init)
            let signs = words + words.flatMap { Self.signs[$0] ?? [] }
            if !signs.contains(where: told.contains) { return known }
        }
        return known()
    }

    /// What else in a profile tells the same.
    private static let signs: [String: [String]] = [
        "job": ["work", "teach", "stud", "nurse", "they are a"], "workplace": ["work"], "car": ["drive"],
        "instrument": ["play", "learning the"], "food": ["love"], "school": ["teach", "grew"], "dog": ["called"],
        "cat": ["called"], "club": ["support"], "coffee": ["drink"], "diet": ["vegetarian", "vegan", "allerg"],
        "hobby": ["love", "collect"], "wife": ["married", "partner"], "wedding": ["partner"],
        "son": ["children", "sons"],
        "daughter": ["children"], "days": ["gym"], "gym": ["free day"],
    ]

    /// The user tells something lasting.
    mutating func remembers(in scene: inout Scene) async { await remembers(known(), in: &scene) }

    mutating func remembers(_ known: Known, in scene: inout Scene) async {
        let words =
            random.chance(40)
            ? phrase("remember", MemoryBank.rememberFrames).replacing("{q}", with: Wording.inner(known.told))
                .replacing("{Q}", with: known.told) : known.told
        say(words, in: &scene)
        _ = await scene.call("remember", JSONObject([("fact", .string(known.fact))]))
        scene.annie(phrase("saved fact", MemoryBank.saved))
    }

    /// Asked for, looked up, found among other things.
    mutating func recallsBySearch(in scene: inout Scene) async {
        let known = known(besides: scene.profile)
        say(known.asked, in: &scene)
        let others = (0..<random.pick([0, 0, 1, 1, 2])).map { _ in match(self.known().fact, in: scene) }
        scene.store.set(matches: random.shuffled([match(known.fact, in: scene)] + others))
        _ = await scene.call("search_memory", JSONObject([("query", .string(known.query))]))
        scene.annie(known.answer)
    }

    /// Asked for something said in an earlier talk.
    mutating func recallsTalk(found isFound: Bool, in scene: inout Scene) async {
        let row = talks.draw(&random)
        var slots = Slots()
        let said = slots.fill(row[2], &random)
        say(slots.fill(random.pick(Bank.choices(row[3])), &random), in: &scene)
        let topic = slots.fill(row[0], &random)
        guard scene.hasTools else { return scene.annie(notKnown(topic)) }
        scene.store.set(
            matches: isFound ? [match(Wording.capitalised(said), in: scene, isTalk: true)] : distractions(in: scene))
        _ = await scene.call("search_memory", JSONObject([("query", .string(slots.fill(row[1], &random)))]))
        scene.annie(isFound ? Wording.capitalised(slots.fill(row[4], &random)) : forgets(topic))
    }

    /// What was told is found; what is asked about it then was not told.
    mutating func recallsInPart(in scene: inout Scene) async {
        let row = followUps.draw(&random)
        var slots = Slots()
        let found = match(Wording.capitalised(slots.fill(row[1], &random)), in: scene, isTalk: true)
        say(slots.fill(random.pick(Bank.choices(row[2])), &random), in: &scene)
        scene.store.set(matches: [found])
        _ = await scene.call("search_memory", JSONObject([("query", .string(slots.fill(row[0], &random)))]))
        scene.annie(Wording.capitalised(slots.fill(row[3], &random)))
        let further = slots.fill(random.pick(Bank.choices(row[4])), &random)
        scene.user(further + "?")
        scene.store.set(matches: random.chance(70) ? [found] : [])
        _ = await scene.call("search_memory", JSONObject([("query", .string(slots.fill(row[5], &random)))]))
        scene.annie(forgets(slots.fill(row[6], &random)))
    }

    /// Asked for, looked up, not there, or only other things are.
    mutating func doesNotRecall(in scene: inout Scene) async {
        let known = known(besides: scene.profile)
        say(known.asked, in: &scene)
        guard scene.hasTools else { return scene.annie(notKnown(known.topic)) }
        scene.store.set(matches: distractions(in: scene, besides: known.fact))
        _ = await scene.call("search_memory", JSONObject([("query", .string(known.query))]))
        scene.annie(forgets(known.topic))
    }

    /// The answer stands in the message already.
    mutating func recallsFromNote(in scene: inout Scene) {
        let known = known(besides: scene.profile)
        let others = random.chance(40) ? [self.known().fact] : []
        say(known.asked, in: &scene, remembering: random.shuffled([known.fact] + others))
        scene.annie(known.answer)
    }

    /// What came to mind has nothing to do with the question.
    mutating func ignoresNote(in scene: inout Scene) {
        let exchange = random.chance(60) ? knowledge.draw(&random) : advice.draw(&random)
        say(random.pick(exchange.asked), in: &scene, remembering: [known().fact])
        scene.annie(exchange.answer)
    }

    /// Told, then asked for within the same talk: nothing need be searched.
    mutating func recallsWithinTalk(in scene: inout Scene, between: Int) async {
        let known = known(besides: scene.profile)
        await remembers(known, in: &scene)
        for _ in 0..<between { exchange(smallTalk.draw(&random), in: &scene) }
        scene.switchesTopic = random.chance(50)
        say(known.asked, in: &scene)
        scene.annie(known.answer)
    }

    /// She does not know it, is told, and is asked again.
    mutating func learns(in scene: inout Scene) async {
        let known = known(besides: scene.profile)
        say(known.asked, in: &scene)
        scene.store.set(matches: [])
        _ = await scene.call("search_memory", JSONObject([("query", .string(known.query))]))
        scene.annie(forgets(known.topic))
        await remembers(known, in: &scene)
        if random.chance(30) { exchange(smallTalk.draw(&random), in: &scene) }
        say(known.asked, in: &scene)
        scene.annie(known.answer)
    }

    /// Where there is no memory to look in.
    mutating func notKnown(_ topic: String) -> String {
        phrase("not known", MemoryBank.notKnown).replacing("{topic}", with: topic)
    }

    mutating func forgets(_ topic: String) -> String {
        phrase("forgets", MemoryBank.notFound).replacing("{topic}", with: topic)
    }

    /// Nothing, or what is beside the point.
    private mutating func distractions(in scene: Scene, besides fact: String = "") -> [MemoryMatch] {
        guard random.chance(45) else { return [] }
        return (0..<random.integer(1...2)).map { _ in self.known().fact }.filter { $0.prefix(16) != fact.prefix(16) }
            .map { match($0, in: scene) }
    }

    mutating func match(_ text: String, in scene: Scene, isTalk: Bool = false) -> MemoryMatch {
        let date = scene.now - Double(random.integer(1...400) * 86400)
        let source: MemoryMatch.Source = isTalk ? .turn(session: "earlier", role: .user) : .fact(1)
        return MemoryMatch(source: source, text: text, date: date, score: 1)
    }
}
