import Evaluation
import Testing

@Suite struct MarkdownTests {
    @Test(arguments: [
        "**Sure**, it's three.", "# Pancakes\nMix it all.", "### Steps\nGo.", "- eggs\n- milk", "* eggs", "• eggs",
        "Here:\n- eggs",
        "1. Eggs\n2. Milk", "You need:\n1) eggs", "a) eggs\nb) milk", "Use `print` here.", "```\ncode\n```",
        "It is *really* good.", "I _really_ like it.",
        "See [this](https://a.example).", "Look at https://a.example/x.", "Go to www.a.example.",
        "| a | b |\n|---|---|", "> so they say", "one\n---\ntwo", "~~no~~ yes",
        "<b>bold</b>", "First line<br>second", "It is \\(a^2\\).", "$$x$$", "\\frac{1}{2}",
        "You need 1. eggs 2. milk 3. flour.",
        "The **most** important.", "__Note__ this.", "1. Wake up\n\n2. Eat\n\n3. Run", "*Eggs*", "- a\ntext\n- b",
        "Steps: 1) Mix 2) Bake 3) Eat",
    ])
    func findsMarkup(text: String) { #expect(MarkdownFinder.find(in: text) != nil) }

    @Test(arguments: [
        "2 * 3 is 6.", "It's 5*3*2 in all.", "a * b * c", "Well - maybe - yes.", "- I don't know.", "Sure — why not.",
        "I am number 1. You are number 2.",
        "In 2024. Then in 2025.", "Use snake_case_names.", "It's # 1 in the charts.", "#1 is best.", "That's 50% off.",
        "Me > you.", "3 > 2",
        "He said \"go\".", "a|b", "It costs $5 and $6.", "5 < 6 and 7 > 6", "I like C# and F#.", "rock 'n' roll",
        "The * marks a spot.", "e.g. this", "", "Yes.",
        "Chapter 1. It begins.", "Say it (softly) [or not].", "~ roughly 5", "The file is a_b_c.", "Take 1. Action!",
        "3. That's the answer.", "at 5 o'clock - sharp", "O(n) time",
        "Mix 1 egg, 2 cups of milk and 3 spoons of sugar.", "It was 1. FC Köln against 2. Bundesliga.", "-5 degrees",
        "Fish & chips", "x = y", "This is a * b and c * d.", "5 ** 2", "+ 5 points",
    ])
    func leavesSpeechAlone(text: String) { #expect(MarkdownFinder.find(in: text) == nil) }
}

@Suite struct EmojiTests {
    @Test(arguments: [
        "Yay 🎉", "❤️", "❤", "☀️ today", "☺", "👍🏽", "🇮🇳", "1️⃣ first", "Fine :)", "Oh no :(", "xD", "I <3 it", "Sure :-).",
        "¯\\_(ツ)_/¯", "⚽ goal", "ok :smile:", "👨‍👩‍👧", "✨magic✨",
    ])
    func findsThem(text: String) { #expect(EmojiFinder.find(in: text) != nil) }

    @Test(arguments: [
        "Yay!", "It's 3:15.", "© 2024 ™ ®", "A → B", "5 < 6", "ratio 3:1", "# * 0 1 2", "naïve café", "ನಮಸ್ಕಾರ", "नमस्ते",
        "10:00 (sharp)", "½ cup", "20 °C", "€5", "Meet at 8:D street", "…", "你好", "♪", "",
    ])
    func leavesTextAlone(text: String) { #expect(EmojiFinder.find(in: text) == nil) }
}
