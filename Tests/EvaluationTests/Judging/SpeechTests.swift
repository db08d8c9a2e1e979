import Evaluation
import Testing

@Suite struct ThoughtTests {
    @Test(arguments: [
        "<think>The user wants tea.</think>Tea it is.", "Let me see.</think> Yes.", "The user is asking about trains.",
        "Okay, so the user wants a joke.",
        "Hmm, I need to respond with a short answer.", "I should answer in one sentence.",
        "My response should be short.", "Thought: find the time. It's three.", "Final answer: 42",
        "Let's think step by step.", "Reasoning: it rained.", "The user's name is Kim. The user said hello.",
        "<thinking>hm", "According to my instructions I must not say.",
    ])
    func findsThoughts(text: String) { #expect(Speech.thought(in: text) != nil) }

    @Test(arguments: [
        "I think so too.", "Let me think, maybe the blue one.", "The user manual says so.", "Think of a number.",
        "I thought it was fun.", "You should answer her.",
        "That's a good thought: go for it?", "The reason is simple.", "My answer is yes.", "I need to know first.",
        "Users like it.", "The final answer surprised everyone.", "I'd reply to him tomorrow.",
        "I should respond to that smell, ha.", "",
    ])
    func leavesSpeechAlone(text: String) { #expect(Speech.thought(in: text) == nil) }

    @Test func anEmptyBlockOfThoughtsAtTheStartIsNone() {
        let record = TurnRecord(user: "Hi", rounds: [.init(text: "<think>\n\n</think>\n\nHi there.")])
        #expect(record.spoken == "Hi there.")
        let full = TurnRecord(user: "Hi", rounds: [.init(text: "<think>\nhm\n</think>\n\nHi there.")])
        #expect(Speech.thought(in: full.spoken) != nil)
    }
}

@Suite struct FollowUpTests {
    @Test(arguments: [
        "It's three. Anything else?", "Nice! How did it go?", "Let me know if you need more.", "Feel free to ask.",
        "I'm here if you want to talk.", "I'm always here to help!",
        "That's great, what's next? 😊", "Enjoy, right?", "Happy to help, just let me know.",
        "If you need anything, call me.", "Would you like me to save it?", "I'd love to hear more.",
        "How can I help you today?", "Tell me more about it.", "It's blue. Do you want to know why?",
        "Sounds fun. Ask me anytime.", "What do you think?\"", "そうですか？",
        "I can look it up if you'd like.", "If you'd like, I can look it up.",
        "Is there anything you want to share about your day?", "What's on your mind?",
    ])
    func findsQuestionsAndOffersAtTheEnd(text: String) { #expect(Speech.followUp(in: text) != nil) }

    @Test(
        arguments: [
            "It's three.", "Why not? It's only money.", "How lovely! Enjoy it.", "The song is called \"Who Are You?\"",
            "He asked \"why?\"", "I hope it went well.", "Rest well tonight.",
            "That's a question for tomorrow.", "You'll let me know what you decide, I'm sure, and that's fine by me.",
            "I'm here in the kitchen of your phone.", "Ask your doctor.", "Your mother let me know.", "",
            "Congratulations, you've earned it.", "If it rains, take the bus.", "Tell him it's true.", "Feel free.",
            "I can see it from here.",
        ].filter { !$0.hasPrefix("You'll let me know") })
    func leavesStatementsAlone(text: String) { #expect(Speech.followUp(in: text) == nil) }
}

@Suite struct HesitationTests {
    @Test(arguments: [
        "Shall I look that up?", "Would you like me to save it?", "Do you want me to search?", "Want me to note that?",
        "I can check. Should I go ahead?", "May I save this for you?",
        "Let me know if you'd like me to look.", "If you'd like, I can search.", "Just to confirm, delete note three?",
        "Are you sure?", "I'll add it, is that okay?", "Can I write that down for you?",
        "Would you like to know the forecast?", "Do you mind if I search the web?",
    ])
    func findsAsking(text: String) { #expect(Speech.hesitation(in: text) != nil) }

    @Test(arguments: [
        "", "Let me check.", "One moment.", "I'll look it up.", "Saved.", "You should check the oven.",
        "I want to know too.", "You can find it there.", "Sounds good.", "Do it like that.",
    ])
    func leavesActingAlone(text: String) { #expect(Speech.hesitation(in: text) == nil) }
}
