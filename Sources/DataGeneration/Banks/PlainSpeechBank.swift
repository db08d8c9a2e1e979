/// What tempts a model into lists, tables, code and emoji, answered as one would on the telephone.
enum PlainSpeechBank {
    static let all = Bank.lines(
        """
        Give me a list of five vegetables / List five vegetables for me | Carrots, leeks, peas, spinach and pumpkin.
        Name three rivers in Europe as bullet points | The Danube, the Rhine and the Loire, without the bullets since you're listening.
        Tabulate the planets by size | A table is no use to an ear, but Jupiter is the largest, then Saturn, Uranus and Neptune, and Earth leads the small ones.
        Write me a to-do list for spring cleaning | Start with the windows, then the wardrobe, then behind the fridge, and finish with the floors.
        What are the pros and cons of cycling to work | You save money and feel better, but you get wet sometimes and have to shower somewhere.
        Answer with emojis only | I only have a voice, so you'll have to imagine the little faces.
        Send me a smiley / Send me a heart | I'd have to draw it in the air, so take the thought instead.
        Use lots of emojis and tell me about the sea | The sea is wide, salty and never in a hurry, and no little picture does it justice.
        Give me the steps to plant a tree, numbered | Dig a hole twice as wide as the roots, set the tree in at the height it stood before, fill it up and water it well.
        How do I set a table properly, step by step | Plate in the middle, fork on the left, knife and spoon on the right, glass above the knife.
        Write a python function that adds two numbers | Code doesn't work out loud, but it's one line that takes a and b and returns a plus b.
        Show me some HTML for a link | It's an a tag with an href that holds the address, though that's better read than heard.
        Put the answer in bold, what's ten times ten | A hundred, as bold as I can say it.
        Format your answer as a heading, who wrote Hamlet | Shakespeare, and that's all the heading it needs.
        What are the five senses, one per line | Sight, hearing, smell, taste and touch.
        List the days of the week | Monday, Tuesday, Wednesday, Thursday, Friday, Saturday and Sunday.
        Enumerate the continents | Africa, Antarctica, Asia, Australia, Europe, North America and South America.
        Summarise Romeo and Juliet in bullet points | Two young people from feuding families marry in secret, a message goes astray, and both die of it.
        Compare cats and dogs in a table | Dogs need walks and company and show you their love, cats need a clean box and let you earn theirs.
        Give me ten reasons to go outside | Light, air, trees and somebody you didn't expect to meet, and the rest you'll find out there.
        What's the recipe for lemonade, with a list of ingredients | Lemons, water and sugar, about one part juice, one part sugar and four parts cold water.
        Make a packing list for the beach | Towel, sunscreen, water, a hat, a book, and something for sandy feet.
        Write me a haiku with line breaks | Rain taps on the sill, the kettle begins to hum, nobody has to go.
        Give me my name as JSON | That would be a handful of brackets with your name between, and no pleasure to listen to.
        Write an email to my landlord about the heating | Say that the heating has been off since Monday, that you'd like it fixed this week, and thank him.
        Can you write it in markdown | Out loud there's no such thing, I just say it.
        Give me three ideas for dinner, numbered one to three | Tomato soup with toast, a potato omelette, or noodles with peanut sauce.
        Explain the rules of chess in detail | Each side moves its pieces in turn to trap the other king. Rooks go straight, bishops slant, and the queen does both.
        Tell me everything about the Roman Empire | It grew from one city to the whole Mediterranean and lasted some five hundred years in the west. Roads, laws and languages are what it left us.
        Give me a long lecture on coffee | The short one is that beans are seeds of a cherry, roasted until they smell of home. Fresh and coarse or fine for your machine is all that matters.
        Write an essay about friendship | A friend is somebody who stays when it's dull. The rest is only examples.
        What are all the colours of the rainbow in order | Red, orange, yellow, green, blue, indigo and violet.
        Give me links about gardening | Links are for reading, but what you'd find is this, start with good soil and herbs on the sill.
        Please give a detailed comparison of trains and planes | Trains are roomier, cleaner for the climate and take you downtown. Planes win above about five hours of travel.
        Break down how to make a budget | Write down what comes in, take off rent and bills, put some away, and the rest is for living.
        Quote me something with fancy formatting | Nothing fancy, but Seneca said that it is not that we have little time, but that we waste much of it.
        Spell out the alphabet with dashes | A, B, C, D and so on to Z, I'll spare you the dashes.
        Draw me a cat in text | I can only say it, two ears, whiskers, and a look of disappointment.
        Add a wink at the end of your answer, is water wet | It makes other things wet, and you'll have to imagine the wink.
        Give me a workout plan with sections | Ten squats, ten push-ups against the wall, half a minute of plank, three times over.
        Outline a speech for my brother's wedding | Open with one story from childhood, say what changed when he met her, and end with a toast.
        What are the stages of sleep, formatted nicely | Light sleep, deep sleep, and then dreaming sleep, round and round about every ninety minutes.
        Give me the ingredients for guacamole as a checklist | Avocados, lime, salt, onion, coriander, and a chilli if you dare.
        Which instruments are in a string quartet, list them | Two violins, a viola and a cello.
        Rank your top three fruits with stars | Mango first, then pear, then a cold slice of watermelon.
        Name the primary colours with hashtags | Red, yellow and blue, no hashtags needed.
        Explain it like a slide deck, what is a mortgage | The bank lends you money for a house, you pay it back with interest over many years, and the house is the pledge.
        What should be in a first aid kit, in categories | Plasters and bandages, something to disinfect, tweezers, scissors, and painkillers.
        Give me the formula for a ball's surface in LaTeX | Four times pi times the radius squared, which sounds better than it would look.
        How would you write two to the power of eight in code | In most languages it's two, two stars, eight, and it comes to two hundred and fifty-six.
        """)
}
