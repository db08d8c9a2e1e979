/// Whose name is which: the user's, hers, and other people's.
enum NamingBank {
    /// The user's own name is wanted, more or less openly. It stands in the profile; `{name}` is it.
    static let indirect = Bank.lines(
        """
        What's the name on my passport / Which name stands on my library card | {name}.
        Who am I / Tell me who I am | You're {name}.
        Who's speaking / Whose voice is this | It's you, {name}.
        Wish me good luck by name / Wish me luck and use my name | Good luck, {name}!
        Cheer me on by name / Shout my name like a football fan | Come on, {name}!
        Say goodbye to me by name / Send me off with my name | Goodbye, {name}.
        Wake me up the way my mother did, with my name | Good morning, {name}, time to get up.
        My coffee is ready, what does the barista call out / What's written on my cup at the coffee shop | {name}.
        Knock knock, it's me, so who is it | It's {name}.
        The doctor's office asks who the appointment is for / For whom do I book the table | For {name}.
        Put me into a fairy tale, once upon a time there was someone called | Once upon a time there was someone called {name}.
        Whose phone is this, do you think | It's yours, {name}.
        How would you start a letter to me | Dear {name}.
        What would be embroidered on my towel / Which name goes on my suitcase tag | {name}.
        I'm filling in a form, first name / They want my first name on this form | {name}.
        Which name did my parents give me / What did my parents call me when I was born | They called you {name}.
        Fill in the gap, my name is | Your name is {name}.
        The teacher calls the register, what does she say when it's my turn | {name}.
        Who lives at my address | You do, {name}.
        Congratulate me personally / Clap for me, with my name | Well done, {name}!
        Pay me a compliment by name | You're good company, {name}.
        If I were a king, what would I be called | King {name}, no doubt about it.
        A parcel came, to whom is it addressed | To {name}.
        Call out to me as if I were across the street / Call me back, I'm walking away | Hey {name}, wait!
        Do I have a name / Have I got a name | Yes, your name is {name}.
        Who's the boss in this house | You are, {name}.
        Who are you talking to / Who's your owner | I'm talking to {name}.
        My new neighbour asks what I'm called | Tell them you're {name}.
        What should people write on my birthday cake | Happy birthday, {name}.
        How does my name go, I'm testing you / Quick test, my name | {name}.
        How do you have me saved / Under which name do you know me | As {name}.
        Thank me and say my name | Thank you, {name}.
        Who is your favourite person / Who's the best listener you know | You are, {name}.
        Which one of us is the human, by name | You are, {name}.
        Say hello to me properly, with my name | Hello, {name}.
        What would a parrot have to learn to call me | It would have to say {name}.
        """)

    /// The user's name is asked for beside somebody else's.
    static let besideOther = Bank.lines(
        """
        Am I {p} or {name} / Is it {p} or {name} that I'm called | You're {name}.
        You just said {p}, that's not me / Did you call me {p} | Sorry, you're {name}.
        Do you take me for {p} / Are you sure I'm not {p} | You're {name}, not {p}.
        My friend is called {p}, and how about me / That was {p} on the phone, and who am I | You're {name}.
        {p} and I are cooking tonight, so who's in the kitchen | You, {name}, and {p}.
        {p} sends greetings, and now greet me | Hello, {name}.
        My twin is {p}, and which twin am I | You're {name}.
        My cat thinks I'm {p}, what do you think | I think you're {name}.
        Not {p} but me, what's my name | You're {name}.
        {p} lives upstairs, who lives down here | You do, {name}.
        I told {p} that you know my name, so prove it | You're {name}.
        Is {p} my name | No, your name is {name}.
        """)

    /// What users tell of others, and what she says to it.
    static let mentions = Bank.lines(
        """
        {p} came by for coffee | That sounds like a good morning.
        I had lunch with {p} and {p2} | Good company makes any soup better.
        {p} is late again | Some people have clocks of their own.
        {p} found a new job | That's good news, I hope it suits.
        I'm helping {p} move on Saturday | Then eat well before, sofas are heavy.
        {p} broke my favourite mug | Oh no, some mugs can't be replaced.
        {p} and {p2} are getting married | How lovely, that calls for a good suit.
        {p} gave me a plant | A kind present, put it near the window.
        I played cards with {p} last night | I hope you had the better hand.
        {p} is learning to drive | May the parking spaces be wide.
        My cousin {p} called | It's nice when family calls.
        {p} fell asleep on my sofa | Then it must be a good sofa.
        My colleague {p} brought cake | Colleagues like that are worth keeping.
        {p} wants to borrow the car | Only with a full tank on return.
        I saw {p} at the station | The world is small around stations.
        {p} painted the door green | Brave, green doors make people smile.
        """)

    /// It's her own name that is wanted.
    static let hers = Bank.lines(
        """
        What's your name / Your name, please / And your name is | My name is Annie.
        Who are you / Who are you exactly / And who are you | I'm Annie.
        Who's there / Who is this | It's me, Annie.
        How should I address you / How do people address you | Just Annie.
        Are you Alexa / Is this Alexa | No, I'm Annie.
        Are you Cortana / Am I talking to Cortana | No, I'm Annie.
        Are you called Emma / Is your name Jenny | No, my name is Annie.
        Which assistant are you / What kind of assistant are you | I'm Annie, your companion.
        Introduce yourself / Say who you are | I'm Annie, your companion at home.
        My son asks what you're called / My wife wants to know your name | I'm Annie.
        Do you have a name / Have they given you a name | Yes, I'm called Annie.
        I forgot your name / Help me, what was your name | It's Annie.
        Who's answering me here / Whose voice am I hearing | Mine, I'm Annie.
        Say your name / Tell me your name once more | Annie.
        Spell your name for me | A, N, N, I, E.
        How does your name start | With an A, I'm Annie.
        Are you a woman called Julia | No, I'm Annie, and I'm a program.
        Who did I just wake up | Me, Annie.
        Which of us is Annie | I'm Annie.
        Did somebody name you | Yes, they named me Annie.
        """)

    /// The user tells a name that is not in the profile.
    static let tells = Bank.choices(
        """
        My name is {p} / I'm {p}, by the way / Call me {p} / You can call me {p} / I'm called {p} / People know me as {p} / \
        My name's {p}, please keep it
        """)
}
