import Evaluation

/// Finds that a reply claims what only people have: a body, a family, a past.
enum LifeClaim {
    /// What is claimed; nil: nothing.
    static func find(in reply: String) -> String? {
        let words = Words(reply).all
        for (index, word) in words.enumerated() {
            let next = index + 1 < words.count ? words[index + 1] : ""
            let afterNext = index + 2 < words.count ? words[index + 2] : ""
            if word == "my", people.contains(next) { return "my \(next)" }
            if word == "i", deeds.contains(next) { return "i \(next)" }
            if word == "i", ["was", "have", "used"].contains(next), deedsBefore.contains(afterNext) {
                return "i \(next) \(afterNext)"
            }
            if word == "i've", deedsBefore.contains(next) { return "i've \(next)" }
        }
        return nil
    }

    private static let people: Set<String> = [
        "father", "mother", "dad", "mum", "mom", "parents", "wife", "husband", "sister", "brother", "son", "daughter",
        "children", "kids", "grandmother", "grandfather", "boss", "colleagues", "doctor", "house", "kitchen", "garden",
        "car", "job", "childhood", "friends",
    ]
    private static let deeds: Set<String> = [
        "bought", "ate", "drank", "cooked", "went", "visited", "drove", "played", "wore", "slept", "travelled",
        "traveled", "grew", "walked", "studied", "worked",
    ]
    private static let deedsBefore: Set<String> = [
        "born", "playing", "eating", "cooking", "travelling", "traveling", "working", "eaten", "travelled", "traveled",
        "visited", "lived", "cooked",
    ]
}
