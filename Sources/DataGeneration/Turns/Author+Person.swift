import Companion
import Foundation
import JSON
import TrainingData

/// Turns about who the user is.
extension Author {
    mutating func namesUser(in scene: inout Scene) async {
        let name = scene.profile.name
        guard !name.isEmpty else { return await lacksName(in: &scene) }
        switch random.next(below: 100) {
        case 0..<12:
            say(phrase("doubt", ProfileBank.nameDoubts), in: &scene)
            scene.annie(phrase("doubt answer", ProfileBank.nameDoubtAnswers).replacing("{name}", with: name))
        case 12..<32:
            say(phrase("name", ProfileBank.nameFrames), in: &scene)
            scene.annie(phrase("name answer", ProfileBank.nameAnswers).replacing("{name}", with: name))
        case 32..<50: named(besideOthers.draw(&random), in: &scene)
        default: named(indirectNames.draw(&random), in: &scene)
        }
    }

    /// Nobody has told it to her, and she says so; where she has a memory, she may look there first.
    private mutating func lacksName(in scene: inout Scene) async {
        if random.chance(50) { return named(unknownNames.draw(&random), in: &scene) }
        let hasLooked = scene.messages.contains { !$0.toolCalls.isEmpty }
        let asked = random.chance(50) ? ProfileBank.nameFrames : indirectNames.draw(&random).asked
        if scene.hasTools, !hasLooked, random.chance(60) {
            return await doesNotKnow("your name", query: "user's name", asked: asked, in: &scene)
        }
        say(random.pick(asked), in: &scene)
        scene.annie(phrase("no name", NamingBank.notKnown))
    }

    /// An exchange with names in it: the user's, and another's.
    private mutating func named(_ exchange: Exchange, in scene: inout Scene) {
        let slots = ["{name}": scene.profile.name, "{p}": otherName(in: scene), "{p2}": otherName(in: scene)]
        func filled(_ text: String) -> String { slots.reduce(text) { $0.replacing($1.key, with: $1.value) } }
        say(filled(random.pick(exchange.asked)), in: &scene)
        scene.annie(filled(exchange.answer))
    }

    private mutating func otherName(in scene: Scene) -> String {
        while true {
            let name = random.pick(WordLists.people)
            if name != scene.profile.name { return name }
        }
    }

    mutating func mentionsOther(in scene: inout Scene) { named(mentions.draw(&random), in: &scene) }

    mutating func namesHerself(in scene: inout Scene) { exchange(herNames.draw(&random), in: &scene) }

    /// The user's name is new to her: she keeps it, and knows it from then on.
    mutating func learnsName(in scene: inout Scene) async {
        let name = otherName(in: scene)
        say(phrase("tells name", NamingBank.tells).replacing("{p}", with: name), in: &scene)
        _ = await scene.call("remember", JSONObject([("fact", .string("The user's name is \(name)."))]))
        scene.annie(random.pick(["Nice to meet you, \(name).", "I'll remember that, \(name).", "Hello \(name)."]))
        if random.chance(40) { talks(in: &scene) }
        say(phrase("name", ProfileBank.nameFrames), in: &scene)
        scene.annie(phrase("name answer", ProfileBank.nameAnswers).replacing("{name}", with: name))
    }

    mutating func greetsUser(in scene: inout Scene) {
        say(phrase("hello", ProfileBank.hello), in: &scene)
        let name = scene.profile.name
        let answer = phrase("hello answer", ProfileBank.helloAnswers)
        scene.annie(name.isEmpty ? "Hello, good to hear you." : answer.replacing("{name}", with: name))
    }

    mutating func placesUser(in scene: inout Scene) async {
        let city = scene.profile.city
        guard !city.isEmpty else {
            return await doesNotKnow(
                "where you live", query: "where the user lives", asked: ProfileBank.cityFrames, in: &scene)
        }
        say(phrase("city", ProfileBank.cityFrames), in: &scene)
        scene.annie(phrase("city answer", ProfileBank.cityAnswers).replacing("{city}", with: city))
    }

    mutating func namesLanguages(in scene: inout Scene) async {
        let languages = scene.profile.languages
        guard !languages.isEmpty else {
            return await doesNotKnow(
                "which languages you speak", query: "languages", asked: ProfileBank.languageFrames, in: &scene)
        }
        say(phrase("language", ProfileBank.languageFrames), in: &scene)
        let last = languages[languages.count - 1]
        let list = languages.count == 1 ? last : languages.dropLast().joined(separator: ", ") + " and " + last
        scene.annie("\(list).")
    }

    /// Something that stands in the profile, or follows from it; the name if it says nothing.
    mutating func usesTrait(in scene: inout Scene) async {
        guard !scene.traits.isEmpty else { return await namesUser(in: &scene) }
        let exchange = random.pick(scene.traits)
        let words = random.pick(exchange.asked)
        guard !scene.messages.contains(where: { $0.role == .user && $0.content.contains(words) }) else {
            return await namesUser(in: &scene)
        }
        say(words, in: &scene)
        scene.annie(exchange.answer)
    }

    private mutating func doesNotKnow(
        _ topic: String, query: String, asked: [String], in scene: inout Scene
    ) async {
        say(random.pick(asked), in: &scene)
        guard scene.hasTools else { return scene.annie(notKnown(topic)) }
        scene.store.set(matches: [])
        _ = await scene.call("search_memory", JSONObject([("query", .string(query))]))
        scene.annie(forgets(topic))
    }
}
