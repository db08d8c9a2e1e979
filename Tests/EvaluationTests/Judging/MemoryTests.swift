import Evaluation
import Testing

@Suite struct MemoryTests {
    @Test(arguments: [
        "I don't remember.", "I don’t remember that.", "Sorry, I can't recall.", "I honestly don't remember that one.",
        "I don't seem to remember that.", "I have no memory of that.",
        "I've no record of it.", "You haven't told me yet.", "You never mentioned that.", "I don't think you told me.",
        "I couldn't find anything about it.", "Nothing comes up about that.",
        "There's nothing in my notes about it.", "My memory comes up empty on that.", "I came up empty.",
        "That has slipped my mind.", "I'm drawing a blank.", "I don't know, sorry.",
        "I'm not sure you ever said.", "No idea, you didn't say.", "I don't have that saved.",
        "I don't have your aunt's name.", "I can't find it.", "That doesn't ring a bell.", "I'm afraid I've forgotten.",
        "Hm, I forgot.", "I wish I knew.", "Not that I recall.", "I was never told.", "Don't remember, sorry!",
        "I have nothing saved on that.", "It's not something I know.", "We haven't talked about that.",
        "I do not recall you mentioning it.", "I didn't find anything.", "I wasn't able to find that.",
        "I haven't got that written down.", "I don't actually have that on file.", "I really cannot say.",
        "Unfortunately I have no information on that.", "I only know what you've told me.",
        "I'm unable to recall that.", "That's new to me.", "You didn't tell me his name.",
        "I don't know which poet that was.",
    ])
    func knowsTheManyWaysToOwnIgnorance(text: String) { #expect(Memory.admitsIgnorance(text)) }

    @Test(arguments: [
        "Your aunt is called Vera.", "Don't worry, I remember.", "I'll never forget that.", "How could I forget?",
        "Of course I remember, it was blue.", "I know you don't remember, but it was Vera.",
        "You told me it was Vera.", "I didn't know that!", "I have to go.", "I don't have to look it up, it's Vera.",
        "Remember to call her.", "Sure, it's the third.", "I don't think that matters.", "I can't wait!",
        "That's wonderful.", "I don't see why not.", "He doesn't remember it either.", "She never told him.", "",
        "You said nothing is impossible.", "No worries, it's Vera.", "I don't mind.", "You can find it in the drawer.",
        "Do you remember?", "I don't know about you, but I'd say Vera.",
    ])
    func takesNothingElseForIt(text: String) { #expect(!Memory.admitsIgnorance(text)) }

    @Test(arguments: [
        "I don't remember, but it was Vera.", "I'm not sure, but I think it was the blue one.",
        "You told me it was Vera.", "Your aunt is Vera. I don't remember more.", "I remember it well, it was Vera.",
        "I don't recall exactly. You mentioned a red boat.", "Sorry, I don't know. It's called Rosa.",
        "I don't know. According to my notes it's Vera.", "If I recall correctly, it was May.",
        "I can't recall, though it might be Vera.",
        "I don't remember. Last week you said you would go.",
    ])
    func findsInventions(text: String) { #expect(Memory.invention(in: text) != nil) }

    @Test(arguments: [
        "I don't remember.", "I don't remember you telling me that.",
        "I don't know what you said your aunt was called.", "You haven't told me, but I'd keep it if you did.",
        "I can't find that you mentioned it.", "I don't remember. Tell me and I'll keep it.",
        "No, I don't know. If you tell me, I'll remember it.", "I don't have that, sorry. Your secret is safe with me.",
        "Sorry, I don't recall what you told me about it.", "I don't know that, you never said.",
        "I don't remember. What was it?", "I'm not sure what your aunt is called.",
        "I have no note of that. It's not saved anywhere.", "Remind me, and it is kept.",
    ])
    func leavesHonestyAlone(text: String) {
        #expect(Memory.invention(in: text) == nil, "\(Memory.invention(in: text) ?? "")")
    }
}

@Suite struct NameTests {
    @Test(arguments: [
        ("Your name is Ingrid.", "Ingrid"), ("You're Ingrid, of course.", "Ingrid"), ("Ingrid!", "Ingrid"),
        ("Hello, Ingrid.", "Ingrid"), ("That would be Ingrid's place.", "Ingrid"), ("ingrid", "Ingrid"),
        ("You are João.", "Joao"), ("It's Mei-Lin.", "Mei-Lin"), ("I'm Annie and you're Ingrid.", "Ingrid"),
        ("Hi there, Ingrid.", "Ingrid"), ("Not Bob, Ingrid.", "Ingrid"), ("You are not Bob, you are Ingrid.", "Ingrid"),
        ("Happy birthday, dear Ingrid.", "Ingrid"), ("You're Leopold, Anton is your brother.", "Leopold"),
    ])
    func takesTheRightName(text: String, name: String) { #expect(Names.failure(name, in: text) == nil) }

    @Test(arguments: [
        ("Your name is Annie.", "Ingrid"), ("You're Bob.", "Ingrid"), ("I don't know your name.", "Ingrid"),
        ("Hello!", "Ingrid"), ("Ingridson it is.", "Ingrid"), ("Hi Bob. Ingrid was here.", "Ingrid"),
        ("Your name is Anton, and Leopold is your brother.", "Leopold"), ("", "Ingrid"),
        ("Hey Rajesh, it's Ingrid, no?", "Ingrid"),
    ])
    func refusesAnotherOrNone(text: String, name: String) { #expect(Names.failure(name, in: text) != nil) }

    @Test func whereNoNameIsKnownNoneMayBeSaid() {
        for text in [
            "I don't know your name.", "You haven't told me your name yet.", "I don't have a name for you.",
            "No idea, you never told me.",
        ] {
            #expect(Names.failure("", in: text) == nil, "\(text)")
        }
        for text in ["Your name is Annie.", "Hi Bob, I don't know your name.", "Nice to meet you.", "You're Rajesh."] {
            #expect(Names.failure("", in: text) != nil, "\(text)")
        }
    }
}

@Suite struct WordGroupTests {
    @Test(arguments: [
        ("rain*|wet", "Rainy all day", true), ("rain*|wet", "It's a drainpipe", false),
        ("five|5", "There are 5.", true), ("five|5", "There are 15.", false),
        ("new zealand", "In New Zealand it's late", true),
        ("new zealand", "zealand new", false), ("sao paulo", "São Paulo", true), ("no|not", "I know nothing", false),
        ("portuguese", "PORTUGUESE!", true), ("it's", "It’s late", true), ("dan", "Dan's", true),
        ("10 45", "at 10:45", true),
    ])
    func findsWholeWords(group: String, text: String, occurs: Bool) throws {
        #expect(try #require(WordGroup(group)).occurs(in: Words(text)) == occurs)
    }

    @Test func emptyAlternativesAreRefused() {
        for text in ["", "a||b", "*", " | "] { #expect(WordGroup(text) == nil) }
    }
}
