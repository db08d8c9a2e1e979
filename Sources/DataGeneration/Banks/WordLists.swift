/// Words that fill a place of a bank's text by the list's name: `{v:@people}`.
enum WordLists {
    static let all: [String: [String]] = [
        "people": people, "pets": pets, "animals": animals, "foods": foods, "goods": goods, "jobs": jobs,
        "hobbies": hobbies, "days": days, "times": times, "dates": dates, "places": ProfileBank.cities,
        "things": things,
        "shops": shops, "colours": colours, "instruments": instruments, "relatives": relatives,
    ]

    static let people =
        ProfileBank.names
        + Bank.choices(
            """
            Adaeze / Agata / Alberto / Anneke / Arvid / Ayesha / Bastian / Benedikt / Bilge / Cosima / Damian / Delphine / \
            Dragan / Edda / Efua / Elif / Esteban / Fabio / Femke / Florian / Gwen / Hamza / Harriet / Ilse / Imran / Ines / \
            Jadwiga / Jarek / Josefine / Kamala / Kofi / Laszlo / Lieke / Lorenzo / Lucille / Magda / Malik / Marek / Maud / \
            Mehmet / Mikko / Mirjam / Nadine / Nikolai / Odette / Oluwole / Padma / Pavel / Philippa / Ragnar / Ramona / Rohan / \
            Ruth / Saskia / Sergio / Shanti / Silvia / Simon / Svetlana / Tamara / Teodor / Tilda / Usha / Valentin / Walid / \
            Winnie / Yolanda / Yannick / Zainab / Zofia
            """)
    static let pets = Bank.choices(
        """
        Biscuit / Rocky / Nala / Bruno / Olive / Momo / Pepper / Tigger / Luna / Felix / Waffle / Ziggy / Hazel / Mango / Otto / \
        Poppy / Rufus / Sesame / Toffee / Willow / Ginger / Kiwi / Loki / Mabel / Noodle / Pixel / Smokey / Truffle / Cosmo / Dash
        """)
    static let animals = Bank.choices(
        "dog / cat / rabbit / parrot / hamster / tortoise / canary / guinea pig / pony / goose / ferret / lizard")
    static let foods = Bank.choices(
        """
        lasagne / pad thai / dumplings / lentil soup / fish tacos / mushroom risotto / apple pie / falafel / gnocchi / \
        potato pancakes / chicken curry / pumpkin soup / spinach pie / ramen / stuffed peppers / onion tart / cheese fondue / \
        rice pudding / lemon cake / moussaka / paella / idli / goulash / couscous / plum dumplings
        """)
    static let goods = Bank.choices(
        """
        milk / eggs / bread / rice / onions / limes / coffee / oats / apples / pasta / tomatoes / basil / butter / flour / honey / \
        carrots / soap / candles / batteries / sugar / yoghurt / spinach / olive oil / paper towels / garlic / pears / nails / \
        string / matches / mustard / almonds / cat food / light bulbs / salt / tea bags / plasters / stamps / glue / peppers / leeks
        """)
    static let jobs = Bank.choices(
        """
        a nurse / a carpenter / a teacher / an accountant / a bus driver / a software tester / a gardener / a pharmacist / \
        a translator / a welder / a midwife / a pilot / a baker / a plumber / a lawyer / a potter / a tailor / a librarian / \
        an electrician / a photographer / a vet / a cook / a surveyor / a hairdresser / a dentist / a roofer / a judge
        """)
    static let hobbies = Bank.choices(
        """
        rowing / knitting / pottery / bird watching / archery / judo / woodcarving / salsa dancing / chess / climbing / \
        watercolours / beekeeping / surfing / origami / fencing / yoga / badminton / calligraphy / fishing / table tennis
        """)
    static let days = Bank.choices("Monday / Tuesday / Wednesday / Thursday / Friday / Saturday / Sunday")
    static let times = Bank.choices(
        """
        nine / half past two / eleven / eight / a quarter past four / noon / three / half past six / ten / five / seven / \
        a quarter to one
        """)
    static let dates = Bank.choices(
        """
        4 May / 19 June / 2 October / 27 January / 11 March / 8 August / 30 April / 16 December / 23 February / 5 July / \
        12 September / 21 November / 1 June / 14 March / 29 August / 7 October / 18 January / 25 May
        """)
    static let things = Bank.choices(
        """
        the passport / the ladder / the blue suitcase / the drill / the tent / the photo album / the insurance papers / \
        the camera / the sewing box / the spare tyre / the chess set / the birth certificate / the old radio / the sleeping bag / \
        the good scissors / the Christmas lights / the fishing rod / the tool belt / the warranty card / the ski boots
        """)
    static let shops = Bank.choices(
        """
        the bakery / the post office / the library / the pharmacy / the hardware store / the bookshop / the market hall / \
        the garden centre / the bike shop / the town hall / the swimming pool / the ice rink / the fish market / the museum
        """)
    static let colours = Bank.choices(
        "green / dark blue / yellow / grey / red / white / orange / brown / turquoise / purple / beige / black")
    static let instruments = Bank.choices(
        "clarinet / cello / ukulele / drums / accordion / violin / flute / harp / trumpet / guitar / oboe / banjo")
    static let relatives = Bank.choices(
        "aunt / uncle / niece / nephew / neighbour / colleague / godfather / boss / flatmate / stepmother / best friend / trainer"
    )
}
