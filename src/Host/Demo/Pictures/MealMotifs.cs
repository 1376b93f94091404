namespace Rosa.Host.Demo;

/// <summary>What is eaten, and what it is eaten from.</summary>
static class MealMotifs
{
    public static string KibbleBag(Animal animal, Palette p) => Bag(animal, p) + Scattered(p.Deep, p.Coat, round: true);

    public static string SeedBag(Animal animal, Palette p) => Bag(animal, p) + $"""
        <path fill="none" stroke="{p.Accent}" stroke-width="5" stroke-linecap="round" d="M134 306Q132 280 144 262M236 306Q238 280 226 262"/>
        <g fill="{p.Accent}"><ellipse cx="140" cy="256" rx="5" ry="10"/><ellipse cx="130" cy="272" rx="5" ry="10" transform="rotate(-40 130 272)"/>
        <ellipse cx="230" cy="256" rx="5" ry="10"/><ellipse cx="240" cy="272" rx="5" ry="10" transform="rotate(40 240 272)"/></g>
        """ + Scattered(p.Accent, p.Deep, round: false);

    static string Bag(Animal animal, Palette p) => $"""
        <path fill="{p.Main}" d="M112 106H258Q276 214 268 322Q186 332 102 322Q94 214 112 106Z"/>
        <path fill="{p.Deep}" opacity=".55" d="M236 106H258Q276 214 268 322L238 325Q252 214 236 106Z"/>
        <path fill="{p.Cream}" opacity=".25" d="M124 130Q114 214 120 312L132 313Q126 214 136 130Z"/>
        <path fill="{p.Deep}" d="M106 84L118 92L130 84L142 92L154 84L166 92L178 84L190 92L202 84L214 92L226 84L238 92L250 84L264 92L262 122H108Z"/>
        <path stroke="{p.Cream}" stroke-width="3" stroke-dasharray="7 6" d="M112 110H258"/>
        <circle cx="185" cy="200" r="57" fill="{p.Cream}"/><circle cx="185" cy="200" r="50" fill="none" stroke="{p.Accent}" stroke-width="3"/>
        <g transform="translate(185 201) scale(.78)">{AnimalPortrait.Stamp(animal, p.Deep)}</g>
        <path fill="{p.Accent}" d="M140 272H230L222 285L230 298H140L148 285Z"/><path stroke="{p.Cream}" stroke-width="4" stroke-linecap="round" d="M162 285H208"/>
        """;

    static string Scattered(string one, string other, bool round)
    {
        (int X, int Y)[] places = [(72, 318), (90, 328), (60, 334), (108, 338), (84, 344), (132, 336), (262, 336), (240, 342)];
        return string.Concat(places.Select((at, i) =>
            $"""<ellipse cx="{at.X}" cy="{at.Y}" rx="9" ry="{(round ? 7 : 4)}" fill="{(i % 2 == 0 ? one : other)}" transform="rotate({i * 37 % 60 - 30} {at.X} {at.Y})"/>"""));
    }

    public static string Tin(Animal animal, Palette p) => $"""
        <path fill="{p.Halo}" d="M96 150V300Q96 330 185 330Q274 330 274 300V150Z"/><path fill="{p.Ink}" opacity=".15" d="M96 290V300Q96 330 185 330Q274 330 274 300V290Q270 316 185 316Q100 316 96 290Z"/>
        <path fill="{p.Main}" d="M96 172Q100 200 185 200Q270 200 274 172V284Q270 312 185 312Q100 312 96 284Z"/>
        <path fill="{p.Deep}" opacity=".6" d="M246 191Q270 185 274 172V284Q270 298 246 305Z"/>
        <ellipse cx="185" cy="150" rx="89" ry="28" fill="{p.Cream}"/><ellipse cx="185" cy="150" rx="77" ry="22" fill="{p.Halo}"/>
        <ellipse cx="185" cy="150" rx="58" ry="15" fill="none" stroke="{p.Ink}" stroke-opacity=".2" stroke-width="3"/>
        <path fill="none" stroke="{p.Deep}" stroke-width="8" stroke-linecap="round" d="M192 148Q222 118 236 130Q244 142 206 152"/>
        <ellipse cx="176" cy="256" rx="50" ry="44" fill="{p.Cream}"/><g transform="translate(176 257) scale(.66)">{AnimalPortrait.Stamp(animal, p.Deep)}</g>
        <path fill="{p.Accent}" d="M96 186Q104 206 150 209V219Q104 216 96 198ZM274 186Q266 206 220 209V219Q266 216 274 198Z"/>
        """;

    public static string Biscuits(Animal animal, Palette p) => $"""
        <path fill="{p.Main}" d="M104 176H266L254 318Q185 332 116 318Z"/><path fill="{p.Deep}" opacity=".55" d="M240 176H266L254 318L232 323Z"/>
        {Biscuit(128, 150, -24, p)}{Biscuit(190, 132, 12, p)}{Biscuit(240, 158, 40, p)}{Biscuit(160, 172, 4, p)}
        <path fill="{p.Accent}" d="M96 172H274L268 200Q185 214 102 200Z"/><path fill="none" stroke="{p.Cream}" stroke-width="3" stroke-dasharray="3 9" stroke-linecap="round" d="M106 188Q185 202 264 188"/>
        <path fill="{p.Cream}" d="M185 296C120 262 146 214 185 240C224 214 250 262 185 296Z"/>
        <g transform="translate(185 260) scale(.42)">{AnimalPortrait.Stamp(animal, p.Deep)}</g>{Biscuit(80, 326, -10, p)}
        """;

    static string Biscuit(int x, int y, int turn, Palette p) => $"""
        <g transform="translate({x} {y}) rotate({turn})"><path fill="#D9A55F" d="M-18-9Q-36-26-40-8Q-46 0-40 8Q-36 26-18 9H18Q36 26 40 8Q46 0 40-8Q36-26 18-9Z"/>
        <g fill="{p.Coat}"><circle cx="-12" r="2.5"/><circle cy="-2" r="2.5"/><circle cx="12" r="2.5"/></g></g>
        """;

    public static string Bowl(Animal animal, Palette p) => $"""
        <ellipse cx="185" cy="216" rx="108" ry="34" fill="{p.Deep}"/><ellipse cx="185" cy="218" rx="94" ry="26" fill="{p.Ink}" opacity=".35"/>
        <path fill="{p.Coat}" d="M96 220Q110 176 148 182Q170 150 204 172Q240 164 274 220Q230 246 185 246Q136 246 96 220Z"/>
        <g fill="{p.Accent}"><circle cx="142" cy="204" r="11"/><circle cx="200" cy="192" r="10"/><circle cx="236" cy="212" r="11"/></g>
        <g fill="{p.Halo}"><circle cx="170" cy="192" r="9"/><circle cx="120" cy="218" r="8"/><circle cx="180" cy="220" r="10"/><circle cx="214" cy="222" r="8"/></g>
        <path fill="{p.Main}" d="M77 216Q84 250 185 250Q286 250 293 216Q296 288 254 320Q185 336 116 320Q74 288 77 216Z"/>
        <path fill="{p.Deep}" opacity=".55" d="M293 216Q296 288 254 320L226 326Q262 296 264 242Q288 234 293 216Z"/>
        <path fill="none" stroke="{p.Cream}" stroke-width="6" d="M80 238Q96 268 185 268Q274 268 290 238"/>
        <g transform="translate(180 296) scale(.5)">{AnimalPortrait.Stamp(animal, p.Cream)}</g>
        <path fill="none" stroke="{p.Cream}" stroke-width="5" stroke-linecap="round" opacity=".6" d="M94 268Q96 290 110 304"/>
        """ + (animal is Animal.Dog or Animal.Cat ? Steam(p) : "");

    static string Steam(Palette p) =>
        $"""<path fill="none" stroke="{p.Cream}" stroke-width="7" stroke-linecap="round" d="M150 150Q138 132 150 116Q162 100 150 84M206 146Q194 128 206 112Q218 96 206 80"/>""";

    public static string Jar(Animal animal, Palette p) => $"""
        <path fill="{p.Cream}" d="M112 152Q94 170 94 196V298Q94 326 122 326H248Q276 326 276 298V196Q276 170 258 152Z"/>
        <path fill="{p.Main}" d="M102 216Q140 204 185 214Q230 224 268 212V296Q268 318 246 318H124Q102 318 102 296Z"/>
        <g fill="{p.Accent}" opacity=".8"><circle cx="116" cy="234" r="5"/><circle cx="124" cy="300" r="6"/><circle cx="252" cy="240" r="6"/><circle cx="246" cy="302" r="5"/><circle cx="160" cy="226" r="4"/></g>
        <path fill="{p.Deep}" opacity=".35" d="M248 218L268 212V296Q268 318 246 318H236Q250 312 248 290Z"/>
        <rect x="104" y="104" width="162" height="50" rx="12" fill="{p.Accent}"/><path stroke="{p.Cream}" stroke-width="4" opacity=".55" d="M112 120H258M112 138H258"/>
        <ellipse cx="185" cy="266" rx="52" ry="44" fill="{p.Cream}"/><ellipse cx="185" cy="266" rx="46" ry="38" fill="none" stroke="{p.Deep}" stroke-width="2" stroke-dasharray="5 4"/>
        <g transform="translate(185 267) scale(.62)">{AnimalPortrait.Stamp(animal, p.Deep)}</g>
        <path fill="none" stroke="#fff" stroke-width="8" stroke-linecap="round" opacity=".8" d="M112 190Q108 200 108 214"/>
        """;

    public static string FlakesTin(Animal animal, Palette p) => $"""
        <path fill="{p.Deep}" d="M120 128H250V140Q185 150 120 140Z"/><path fill="{p.Main}" d="M120 136H250V316Q185 334 120 316Z"/><path fill="{p.Deep}" opacity=".55" d="M222 128H250V316L222 322Z"/>
        <path fill="{p.Cream}" d="M120 172H250V262Q185 278 120 262Z"/><path fill="{p.Halo}" d="M120 236Q140 226 153 236T186 236T219 236T250 234V262Q185 278 120 262Z"/>
        <g transform="translate(182 212) scale(.85)">{AnimalPortrait.Stamp(animal, p.Deep)}</g>
        <g transform="rotate(-16 126 100)"><path fill="{p.Accent}" d="M110 82H246V118Q178 130 110 118Z"/><ellipse cx="178" cy="82" rx="68" ry="14" fill="{p.Deep}"/>
        <path stroke="{p.Cream}" stroke-width="3" opacity=".5" d="M128 98V120M150 100V123M206 100V123M228 98V120"/></g>
        <g fill="{p.Accent}"><path d="M74 300l14-7 7 12-13 7ZM264 324l12-9 9 11-12 8Z"/></g><g fill="{p.Main}"><path d="M92 322l15-3 3 12-15 4ZM58 328l10-8 8 9-10 8Z"/></g>
        <path fill="{p.Deep}" d="M108 342l13-5 5 10-13 4ZM282 300l9-5 6 9-9 5Z"/>
        """;

    public static string SeedBell(Animal animal, Palette p)
    {
        var random = new DemoRandom((ulong)animal + 77);
        var seeds = string.Concat(Enumerable.Range(0, 26).Select(i =>
        {
            var y = 168 + i / 5 * 27;
            var x = 185 + (i % 5 - 2) * (20 + i / 5 * 5) + random.Between(-4, 4);
            return $"""<ellipse cx="{x}" cy="{y}" rx="9" ry="5" fill="{(i % 3) switch { 0 => p.Accent, 1 => p.Cream, _ => p.Deep }}" transform="rotate({random.Between(-60, 60)} {x} {y})"/>""";
        }));
        return $"""
            <path stroke="{p.Coat}" stroke-width="12" stroke-linecap="round" d="M60 70Q185 58 312 74"/><path fill="{p.Accent}" d="M284 70Q300 40 324 50Q316 72 284 72ZM96 66Q84 40 64 44Q68 64 96 68Z"/>
            <path fill="none" stroke="{p.Ink}" stroke-width="4" d="M185 66V128"/><circle cx="185" cy="72" r="8" fill="none" stroke="{p.Ink}" stroke-width="4"/>
            <path fill="{p.Main}" d="M160 142Q162 122 185 122Q208 122 210 142Q224 222 262 278Q274 306 246 310Q185 326 124 310Q96 306 108 278Q146 222 160 142Z"/>
            {seeds}<path fill="{p.Deep}" opacity=".3" d="M210 142Q224 222 262 278Q274 306 246 310L222 314Q240 290 224 252Q204 190 210 142Z"/>
            """;
    }

    public static string Hay(Animal animal, Palette p)
    {
        var random = new DemoRandom((ulong)animal + 5);
        var blades = string.Concat(Enumerable.Range(0, 22).Select(i =>
        {
            var foot = 108 + i * 7;
            return $"""<path stroke="{(i % 3) switch { 0 => "#C9B458", 1 => "#A9B65A", _ => "#DCCB78" }}" d="M{foot} 320Q{foot + random.Between(-14, 14)} 220 {foot + (foot - 185) / 2 + random.Between(-16, 16)} {random.Between(104, 160)}"/>""";
        }));
        return $"""
            <g fill="none" stroke-width="8" stroke-linecap="round">{blades}</g>
            <g fill="{p.Accent}"><circle cx="136" cy="132" r="10"/><circle cx="228" cy="120" r="9"/><circle cx="192" cy="146" r="8"/></g><g fill="{p.Cream}"><circle cx="136" cy="132" r="4"/><circle cx="228" cy="120" r="4"/><circle cx="192" cy="146" r="3.5"/></g>
            <path fill="{p.Main}" d="M96 226Q185 246 274 226L278 268Q185 288 92 268Z"/><path fill="{p.Deep}" opacity=".5" d="M240 232L274 226L278 268L242 274Z"/>
            <circle cx="178" cy="256" r="34" fill="{p.Cream}"/><g transform="translate(178 257) scale(.5)">{AnimalPortrait.Stamp(animal, p.Deep)}</g>
            <path fill="none" stroke="#C9B458" stroke-width="6" stroke-linecap="round" d="M62 330L112 322M88 340L140 332M250 334L286 322"/>
            """;
    }

    public static string WaterBottle(Animal animal, Palette p) => $"""
        <g stroke="{p.Coat}" stroke-width="7" stroke-linecap="round" opacity=".55"><path d="M80 70V330M124 70V330M246 70V330M290 70V250"/></g>
        <path stroke="{p.Ink}" stroke-width="7" stroke-linecap="round" d="M66 160H304M66 232H304" opacity=".6"/>
        <rect x="138" y="86" width="94" height="150" rx="34" fill="{p.Cream}"/><path fill="{p.Main}" opacity=".75" d="M138 132Q162 122 185 132T232 132V206Q232 236 202 236H168Q138 236 138 206Z"/>
        <g fill="{p.Cream}"><circle cx="164" cy="162" r="6"/><circle cx="204" cy="152" r="4"/><circle cx="212" cy="206" r="5"/></g>
        <g transform="translate(186 186) scale(.42)">{AnimalPortrait.Stamp(animal, p.Cream)}</g>
        <rect x="148" y="230" width="74" height="30" rx="8" fill="{p.Accent}"/><path stroke="{p.Deep}" stroke-width="4" opacity=".5" d="M164 234V256M178 234V256M192 234V256M206 234V256"/>
        <path fill="none" stroke="{p.Ink}" stroke-width="12" stroke-linecap="round" d="M185 264V284Q186 302 206 310"/><circle cx="208" cy="312" r="6" fill="{p.Cream}"/>
        <path fill="{p.Main}" d="M222 322Q234 340 222 346Q210 340 222 322Z"/><path stroke="#fff" stroke-width="7" stroke-linecap="round" opacity=".7" d="M152 118V198"/>
        """;
}
