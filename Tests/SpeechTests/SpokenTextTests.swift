import Speech
import Testing

@Suite("Text is put into words before it is spoken") struct SpokenTextTests {
    @Test(
        "numbers",
        arguments: [
            ("I have 3 cats", "I have three cats"),
            ("0", "zero"), ("12", "twelve"), ("21 days", "twenty-one days"), ("105", "one hundred five"),
            ("1,234,567", "one million two hundred thirty-four thousand five hundred sixty-seven"),
            ("1500 people", "one thousand five hundred people"),
            ("pi is 3.14", "pi is three point one four"), ("It is 5.", "It is five."),
            ("-5 and −7", "minus five and minus seven"), ("007", "zero zero seven"),
            (
                "12345678901234567890",
                "one two three four five six seven eight nine zero one two three four five six seven eight nine zero"
            ),
            ("the 1st, 2nd, 3rd and 11th", "the first, second, third and eleventh"),
            ("the 21st of 100th", "the twenty-first of one hundredth"),
            ("5-10 people", "five to ten people"), ("version 1.2.3", "version one point two point three"),
            ("1/2 cup and 3/4 cup", "one half cup and three quarters cup"), ("2½ hours", "two and a half hours"),
            ("1 1/2 cups", "one and a half cups"), ("24/7", "twenty-four seven"), ("15/20", "fifteen out of twenty"),
            ("16:9", "sixteen to nine"), ("a 4x zoom", "a four x zoom"), ("1,2", "one,two"),
        ])
    func numbers(written: String, said: String) {
        #expect(SpokenText.spoken(written) == said)
    }

    @Test(
        "times",
        arguments: [
            ("at 7:30", "at seven thirty"), ("at 14:05.", "at fourteen oh five."), ("7:00", "seven o'clock"),
            ("7:00 pm", "seven PM"), ("7:30am", "seven thirty AM"), ("at 7 p.m. sharp", "at seven PM sharp"),
            ("at 7 p.m. She left", "at seven PM. She left"), ("at 7 p.m.", "at seven PM."),
            ("00:00", "midnight"), ("14:00", "fourteen hundred"),
            ("1:02:03", "one hour two minutes three seconds"), ("in the a.m. hours", "in the AM hours"),
        ])
    func times(written: String, said: String) {
        #expect(SpokenText.spoken(written) == said)
    }

    @Test(
        "dates",
        arguments: [
            ("2024-03-15", "March fifteenth, twenty twenty-four"), ("3/15/2024", "March fifteenth, twenty twenty-four"),
            ("15.03.2024", "March fifteenth, twenty twenty-four"),
            ("31/12/1999", "December thirty-first, nineteen ninety-nine"),
            ("on March 3", "on March third"), ("on Mar. 3rd, 2005.", "on March third, two thousand five."),
            ("on 3 March", "on the third of March"), ("the 3rd of May 2010", "the third of May, twenty ten"),
            ("in 1999", "in nineteen ninety-nine"), ("since 1905", "since nineteen oh five"),
            ("the 1990s", "the nineteen nineties"), ("the 90s", "the nineties"),
            ("1990-1995", "nineteen ninety to nineteen ninety-five"), ("May 5 people come", "May fifth people come"),
            ("I may 5", "I may five"),
        ])
    func dates(written: String, said: String) {
        #expect(SpokenText.spoken(written) == said)
    }

    @Test(
        "money, percent and units",
        arguments: [
            ("$5", "five dollars"), ("$1", "one dollar"), ("$5.50", "five dollars and fifty cents"),
            ("$0.01", "one cent"), ("$1,200.00", "one thousand two hundred dollars"),
            ("$2.5 million", "two point five million dollars"), ("$3k", "three thousand dollars"),
            ("£1.01", "one pound and one penny"), ("€20", "twenty euros"), ("20 €", "twenty euros"),
            ("¥300", "three hundred yen"), ("-$5", "minus five dollars"),
            ("5%", "five percent"), ("99.9 %", "ninety-nine point nine percent"), ("5-10%", "five to ten percent"),
            ("20°C", "twenty degrees Celsius"), ("-1 °F", "minus one degrees Fahrenheit"), ("90°", "ninety degrees"),
            ("1 km", "one kilometer"), ("5km", "five kilometers"), ("100 km/h", "one hundred kilometers per hour"),
            ("2.5 kg", "two point five kilograms"), ("16 GB", "sixteen gigabytes"), ("5M", "five million"),
            ("5 m", "five meters"), ("12 m²", "twelve square meters"), ("3 h", "three hours"),
            ("10 min.", "ten minutes."),
            ("5 men", "five men"),
        ])
    func quantities(written: String, said: String) {
        #expect(SpokenText.spoken(written) == said)
    }

    @Test(
        "telephone numbers",
        arguments: [
            ("555-1234", "five five five, one two three four"),
            ("(555) 123-4567", "five five five, one two three, four five six seven"),
            ("+1 555-123-4567", "plus one, five five five, one two three, four five six seven"),
            ("+49 30 1234567.", "plus four nine, three zero, one two three four five six seven."),
        ])
    func telephones(written: String, said: String) {
        #expect(SpokenText.spoken(written) == said)
    }

    @Test(
        "abbreviations",
        arguments: [
            ("Dr. Smith and Mr Jones", "Doctor Smith and Mister Jones"),
            ("fruit, e.g. apples", "fruit, for example apples"),
            ("that is, i.e., now", "that is, that is, now"), ("St. Mary on Main St.", "Saint Mary on Main Street."),
            ("cats, dogs, etc. are", "cats, dogs, et cetera are"), ("cats etc. They", "cats et cetera. They"),
            ("No. 5", "number five"), ("No. I do not", "No. I do not"), ("us vs. them", "us versus them"),
            ("in the U.S. today", "in the U S today"), ("drive", "drive"), ("Mississippi", "Mississippi"),
        ])
    func abbreviations(written: String, said: String) {
        #expect(SpokenText.spoken(written) == said)
    }

    @Test(
        "signs and addresses",
        arguments: [
            ("salt & pepper", "salt and pepper"), ("R&D", "R and D"), ("2 + 2 = 4", "two plus two equals four"),
            ("he/she", "he or she"), ("#1", "number one"), ("~5", "about five"), ("3 × 4", "three times four"),
            ("see https://www.example.org/a/b?c=1 now", "see example dot org now"),
            ("web3.example.org", "web three dot example dot org"),
            ("at example.com.", "at example dot com."), ("write to ann@example.org", "write to ann at example dot org"),
            ("**bold** and `code`", "bold and code"), ("fine 😀 thanks", "fine thanks"), ("(really)", "really"),
            ("wait — no", "wait, no"), ("well-known", "well-known"), ("a “quote”", "a quote"), ("don't", "don't"),
            ("don’t", "don't"), ("yes…", "yes."), ("5 < 6", "five less than six"), ("what?!", "what?!"),
        ])
    func signs(written: String, said: String) {
        #expect(SpokenText.spoken(written) == said)
    }

    @Test("plain sentences stay as they are")
    func leavesPlainText() {
        let text = "I feel a bit tired today; let's talk about something light, shall we? Yes!"
        #expect(SpokenText.spoken(text) == text)
    }

    @Test("no text breaks it, and digits never remain")
    func survivesAnything() {
        var random = SeededRandom(7)
        let pieces = Array("0123456789.,:;/-+$€%°()[]#@&'’ aAmMpPstndrh…½—\n\u{301}é漢😀")
        for _ in 0..<4000 {
            let text = String(
                (0..<Int.random(in: 0...24, using: &random)).map { _ in pieces.randomElement(using: &random) ?? " " })
            let spoken = SpokenText.spoken(text)
            #expect(!spoken.contains { $0.isASCII && $0.isNumber }, "\(text) became \(spoken)")
        }
    }
}
