/// Clocks, sums, changes of topic and the little words around what people say.
enum MomentBank {
    /// A place and its zone.
    static let zones = Bank.rows(
        """
        Tokyo | Asia/Tokyo
        New York | America/New_York
        London | Europe/London
        Sydney | Australia/Sydney
        Los Angeles | America/Los_Angeles
        Mumbai | Asia/Kolkata
        Bangalore | Asia/Kolkata
        Dubai | Asia/Dubai
        Singapore | Asia/Singapore
        Paris | Europe/Paris
        Cairo | Africa/Cairo
        Nairobi | Africa/Nairobi
        Lagos | Africa/Lagos
        Johannesburg | Africa/Johannesburg
        São Paulo | America/Sao_Paulo
        Mexico City | America/Mexico_City
        Chicago | America/Chicago
        Denver | America/Denver
        Toronto | America/Toronto
        Honolulu | Pacific/Honolulu
        Auckland | Pacific/Auckland
        Moscow | Europe/Moscow
        Istanbul | Europe/Istanbul
        Athens | Europe/Athens
        Helsinki | Europe/Helsinki
        Lisbon | Europe/Lisbon
        Seoul | Asia/Seoul
        Shanghai | Asia/Shanghai
        Bangkok | Asia/Bangkok
        Karachi | Asia/Karachi
        Berlin | Europe/Berlin
        Madrid | Europe/Madrid
        Rome | Europe/Rome
        Vienna | Europe/Vienna
        Oslo | Europe/Oslo
        Warsaw | Europe/Warsaw
        Dublin | Europe/Dublin
        Zurich | Europe/Zurich
        Kyiv | Europe/Kyiv
        Delhi | Asia/Kolkata
        Chennai | Asia/Kolkata
        Jakarta | Asia/Jakarta
        Manila | Asia/Manila
        Hanoi | Asia/Ho_Chi_Minh
        Hong Kong | Asia/Hong_Kong
        Tehran | Asia/Tehran
        Dhaka | Asia/Dhaka
        Accra | Africa/Accra
        Casablanca | Africa/Casablanca
        Addis Ababa | Africa/Addis_Ababa
        Melbourne | Australia/Melbourne
        Perth | Australia/Perth
        Vancouver | America/Vancouver
        Boston | America/New_York
        Seattle | America/Los_Angeles
        Havana | America/Havana
        Lima | America/Lima
        Bogotá | America/Bogota
        Santiago | America/Santiago
        Buenos Aires | America/Argentina/Buenos_Aires
        """, fields: 2)

    static let zoneFrames = Bank.choices(
        """
        What time is it in {place} / How late is it in {place} / Is it still day in {place} / \
        My friend lives in {place}, what time is it there / What's the local time in {place} / \
        Can I call {place} now, what time do they have / Tell me the time in {place} / What do the clocks in {place} say / \
        Is it too early to phone {place} / Would I wake people in {place} if I phoned now / Is it night in {place} already / \
        Are they asleep in {place} / My mother is in {place}, is it morning for her / Time in {place}, please / \
        I have a call with {place}, how late do they have it / Is it past midnight in {place} / \
        What time is it right now over in {place} / How far along is the day in {place} / Is {place} having breakfast or dinner
        """)
    static let zoneAnswers = Bank.choices(
        "It's {time} in {place}. / {time} over there. / In {place} it's {time}. / They have {time}.")
    static let timeFrames = Bank.choices(
        """
        What time is it / How late is it / Tell me the time / Have you got the time / What does the clock say / \
        Is it late already / How much time is left until midnight, what's the time / Give me the time, please / \
        Can you see what time it is / The time, please
        """)
    static let timeAnswers = Bank.choices("It's {time}. / {time}. / The clock says {time}. / Right now it's {time}.")
    static let dateFrames = Bank.choices(
        """
        What day is it today / Which date do we have / What's today's date / What day of the week is it / \
        Which day is today
        """)
    static let dateAnswers = Bank.choices("{day}, {date}. / It's {day}, {date}. / Today is {day}, {date}.")

    static let sums = Bank.choices(
        """
        What's {a} plus {b} = plus / How much is {a} times {b} = times / What do {a} and {b} add up to = plus / \
        What's {a} minus {b} = minus / What's half of {a} = half / Double {a} for me = double
        """)

    /// The change of topic.
    static let switches = Bank.choices(
        """
        Anyway, {q} / Okay, another thing, {q} / Forget that, {q} / Different question, {q} / Oh, before I forget, {q} / \
        By the way, {q} / Let's talk about other things, {q} / That's settled, {q} / New topic, {q} / {Q} / {Q} / {Q} / \
        Moving on, {q} / That reminds me of nothing at all, but {q} / Right, next thing, {q} / Never mind that, {q} / \
        Change of subject, {q} / Wait, {q} / Actually, {q} / While I think of it, {q} / Oh, also, {q}
        """)

    /// What people put before what they say. Most of the time it is nothing.
    static let openers = Bank.choices(
        """
        Annie, {q} / Hey Annie, {q} / Hey, {q} / So, {q} / Um, {q} / Okay, {q} / Well, {q} / Listen, {q} / Quick question, {q} / \
        Tell me, {q} / Say, {q} / I was wondering, {q} / One thing, {q} / Hi, {q} / Sorry, {q}
        """)

    /// What they put before something they tell.
    static let leads = Bank.choices(
        "Annie, {q} / Hey Annie, {q} / So, {q} / Well, {q} / You know what, {q} / Um, {q} / Just so you know, {q} / Honestly, {q}"
    )

    /// How people ask a friend for action.
    static let asks = Bank.choices(
        "{Q} / {Q} / {Q} / Please {q} / Can you {q} / Could you {q} / Would you {q} / I'd like you to {q}")
}
