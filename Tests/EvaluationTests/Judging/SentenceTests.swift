import Evaluation
import Testing

@Suite struct SentenceTests {
    @Test(arguments: [
        ("Sure.", 1), ("It's three o'clock. Time for tea.", 2), ("Sure! It's three. Enjoy your tea.", 3),
        ("It costs 3.50 euros at the market.", 1), ("Version 2.0.1 is out.", 1), ("Pi is about 3.14159.", 1),
        ("Dr. Weber called about your knee.", 1), ("I saw Mr. and Mrs. Okafor on St. Mary's Road.", 1),
        ("The train leaves at 7 p.m. from platform two.", 1), ("It starts at 7 p.m. Don't be late.", 2),
        ("It opens at 9 a.m. tomorrow, and closes at 5 p.m. sharp.", 1), ("The shop shuts at 6 p.m.", 1),
        ("Bring warm things, e.g. a scarf, gloves, etc. and you'll be fine.", 1),
        ("Pack snacks, water, etc. You'll need them.", 2), ("J. R. R. Tolkien wrote it.", 1),
        ("J. R. R. Tolkien wrote it. I love it.", 2), ("The U.S. team won.", 1),
        ("She moved to the U.S. It suits her.", 2),
        ("Well... I think so.", 1), ("I was thinking about it all day... Then it rained.", 2), ("Hmm… maybe.", 1),
        ("Really?! That's great!", 2), ("What?? No way!!", 2), ("\"Really?\" he said.", 1),
        ("He said \"stop.\" Then he left.", 2),
        ("Go to annie.example for more.", 1), ("Eggs\nMilk\nBread", 3), ("1. Eggs\n2. Milk", 2), ("Hello\n\n", 1),
        ("", 0), ("...", 0), ("🎉", 0), ("No. I don't know.", 2), ("Bus No. 5 is late.", 1),
        ("It is vitamin C. It helps.", 2),
        ("The sun. Then the moon.", 2), ("I see you. You see me. We wave.", 3), ("ನಮಸ್ಕಾರ। ಹೇಗಿದ್ದೀರಾ?", 2),
        ("今日は晴れです。散歩しましょう。", 2),
        ("You're right, I'm sorry. Let's start over!", 2), ("It's about 384,000 km. That is far.", 2),
        ("Meet me at 5. Then we go.", 2), ("It was Jan. 5 when it snowed.", 1), ("The answer is 42.", 1),
        ("Yes!No!", 2),
        ("That's Prof. Chen, i.e. your neighbour.", 1), ("Ask Max. He knows.", 2),
        ("It weighs approx. 5 kg. Careful.", 2),
    ])
    func countsWhatAListenerWouldCount(text: String, count: Int) {
        #expect(Sentences.split(text).count == count, "\(Sentences.split(text))")
    }
}
