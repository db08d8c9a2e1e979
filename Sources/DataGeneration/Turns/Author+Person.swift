import Companion
import Foundation
import JSON
import TrainingData

/// Turns about who the user is.
extension Author {
    mutating func namesUser(in scene: inout Scene) async {
        let name = scene.profile.name
        guard !name.isEmpty else {
            return await doesNotKnow("your name", query: "user's name", asked: ProfileBank.nameFrames, in: &scene)
        }
        if random.chance(20) {
            say(phrase("doubt", ProfileBank.nameDoubts), in: &scene)
            scene.annie(phrase("doubt answer", ProfileBank.nameDoubtAnswers).replacing("{name}", with: name))
        } else {
            say(phrase("name", ProfileBank.nameFrames), in: &scene)
            scene.annie(phrase("name answer", ProfileBank.nameAnswers).replacing("{name}", with: name))
        }
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

    /// Something that stands in the profile, or follows from it; a preference is chosen if the profile has none.
    mutating func usesPreference(applied isApplied: Bool, in scene: inout Scene) async {
        let own = ProfileBank.preferences.filter { row in
            Bank.choices(row[0]).contains { scene.profile.preferences.contains($0) }
        }
        guard !own.isEmpty else { return await namesUser(in: &scene) }
        let row = random.pick(own)
        say(random.pick(Bank.choices(row[isApplied ? 3 : 1])), in: &scene)
        scene.annie(row[isApplied ? 4 : 2])
    }

    private mutating func doesNotKnow(
        _ topic: String, query: String, asked: [String], in scene: inout Scene
    ) async {
        say(random.pick(asked), in: &scene)
        guard scene.hasTools else {
            scene.annie(phrase("not known", MemoryBank.notKnown).replacing("{topic}", with: topic))
            return
        }
        scene.store.set(matches: [])
        _ = await scene.call("search_memory", JSONObject([("query", .string(query))]))
        scene.annie(forgets(topic))
    }
}
