namespace Rosa.Host.Demo;

/// <summary>What keeps coat, feather, water and litter clean.</summary>
static class CareMotifs
{
    public static string Brush(Animal animal, Palette p)
    {
        var bristles = string.Concat(Enumerable.Range(0, 13).Select(i => $"""<path d="M{96 + i * 11} 232L{92 + i * 12} 286"/>"""));
        return $"""
            <g transform="rotate(-14 185 220)"><g stroke="{p.Coat}" stroke-width="6" stroke-linecap="round" opacity=".7">{bristles}</g>
            <path fill="{p.Deep}" d="M82 214H248V238Q165 248 82 238Z"/>
            <path fill="{p.Main}" d="M78 214Q72 172 116 166H216Q244 168 254 182Q320 176 342 184Q356 196 342 210Q320 216 254 212L250 216Q165 228 78 214Z"/>
            <path fill="none" stroke="{p.Cream}" stroke-width="6" stroke-linecap="round" opacity=".6" d="M98 188Q104 180 120 179H180"/><circle cx="328" cy="197" r="7" fill="{p.Paper}"/>
            <g transform="translate(214 194) scale(.34)">{AnimalPortrait.Stamp(animal, p.Cream)}</g></g>
            <path fill="none" stroke="{p.Coat}" stroke-width="4" stroke-linecap="round" d="M76 322Q96 304 116 322T156 320M180 330Q200 314 216 328M98 338Q112 328 126 338"/>
            <g fill="{p.Accent}"><path d="M108 92l6 18 18 6-18 6-6 18-6-18-18-6 18-6ZM208 76l4 12 12 4-12 4-4 12-4-12-12-4 12-4ZM296 104l4 11 11 4-11 4-4 11-4-11-11-4 11-4Z"/></g>
            """;
    }

    public static string Bottle(Animal animal, Palette p) => $"""
        <path fill="{p.Deep}" d="M160 92H206V132H160Z"/><path fill="{p.Accent}" d="M148 70Q150 56 168 56H232Q252 58 254 76L238 78Q234 72 222 74H208V98H158V80Z"/>
        <path fill="{p.Main}" d="M158 128H208Q212 150 238 162Q254 172 254 196V304Q254 328 228 328H138Q112 328 112 304V196Q112 172 128 162Q154 150 158 128Z"/>
        <path fill="{p.Deep}" opacity=".5" d="M230 158Q254 170 254 196V304Q254 328 228 328H214Q232 322 232 296V200Q232 176 216 160Z"/>
        <path fill="{p.Cream}" d="M112 208H254V290H112Z"/><path fill="{p.Accent}" d="M112 208H254V216H112ZM112 282H254V290H112Z"/>
        <g transform="translate(183 250) scale(.74)">{AnimalPortrait.Stamp(animal, p.Deep)}</g><path stroke="#fff" stroke-width="8" stroke-linecap="round" opacity=".55" d="M128 192Q130 182 140 176"/>
        <g fill="#fff" stroke="{p.Main}" stroke-width="3"><circle cx="78" cy="296" r="22"/><circle cx="104" cy="318" r="17"/><circle cx="62" cy="326" r="14"/><circle cx="84" cy="240" r="11"/><circle cx="66" cy="196" r="7"/><circle cx="286" cy="204" r="13"/><circle cx="300" cy="160" r="8"/><circle cx="278" cy="126" r="5"/></g>
        <path fill="none" stroke="{p.Main}" stroke-width="3" stroke-linecap="round" d="M66 288Q70 282 78 282M279 198Q282 195 286 195"/>
        """;

    public static string Collar(Animal animal, Palette p)
    {
        var studs = string.Concat(Enumerable.Range(0, 9).Select(i =>
        {
            var angle = Math.PI * (0.12 + i * 0.095);
            return $"""<circle cx="{185 - 106 * Math.Cos(angle):0}" cy="{188 + 84 * Math.Sin(angle):0}" r="6.5"/>""";
        }));
        return $"""
            <ellipse cx="185" cy="178" rx="104" ry="74" fill="none" stroke="{p.Deep}" stroke-width="26"/><path fill="none" stroke="{p.Main}" stroke-width="34" d="M79 184Q88 274 185 274Q282 274 291 184"/>
            <path fill="none" stroke="{p.Cream}" stroke-width="2.5" stroke-dasharray="7 6" opacity=".8" d="M68 192Q84 286 185 286Q286 286 302 192M92 184Q100 261 185 261Q270 261 278 184"/>
            <g fill="{p.Accent}">{studs}</g>
            <rect x="150" y="86" width="58" height="42" rx="9" fill="none" stroke="{p.Ink}" stroke-opacity=".75" stroke-width="8"/><path stroke="{p.Ink}" stroke-opacity=".75" stroke-width="6" stroke-linecap="round" d="M178 107H214"/><circle cx="236" cy="116" r="4" fill="{p.Cream}"/><circle cx="254" cy="124" r="4" fill="{p.Cream}"/>
            <circle cx="185" cy="290" r="9" fill="none" stroke="{p.Ink}" stroke-opacity=".75" stroke-width="5"/>
            <circle cx="185" cy="330" r="36" fill="{p.Accent}"/><circle cx="185" cy="330" r="29" fill="none" stroke="{p.Cream}" stroke-width="2.5"/><g transform="translate(185 331) scale(.5)">{AnimalPortrait.Stamp(animal, p.Cream)}</g>
            <path fill="{p.Accent}" opacity=".8" d="M185 214C150 194 164 162 185 178C206 162 220 194 185 214Z"/>
            """;
    }

    public static string Litter(Animal animal, Palette p)
    {
        var random = new DemoRandom((ulong)animal + 11);
        var grains = string.Concat(Enumerable.Range(0, 20).Select(i =>
            $"""<circle cx="{96 + i * 10}" cy="{random.Between(226, 246)}" r="{random.Between(3, 6)}" fill="{(i % 3) switch { 0 => p.Coat, 1 => p.Deep, _ => "#fff" }}"/>"""));
        return $"""
            <g transform="translate(0 36)"><path fill="{p.Main}" d="M128 66H232Q240 120 236 196H124Q120 120 128 66Z"/><path fill="{p.Deep}" d="M124 58H236V84H124Z"/><path stroke="{p.Cream}" stroke-width="3" stroke-dasharray="6 5" d="M130 74H230"/>
            <circle cx="180" cy="136" r="38" fill="{p.Cream}"/><g transform="translate(180 138) scale(.58)">{AnimalPortrait.Stamp(animal, p.Deep)}</g></g>
            <path fill="{p.Halo}" d="M78 240Q120 190 190 204Q256 190 300 240Z"/><path fill="{p.Cream}" opacity=".7" d="M84 240Q122 206 182 212Q250 204 294 240Z"/>{grains}
            <path fill="{p.Accent}" d="M62 236H316L294 322Q288 334 274 334H104Q90 334 84 322Z"/><path fill="{p.Ink}" opacity=".14" d="M270 236H316L294 322Q288 334 274 334H250Q262 328 264 316Z"/>
            <rect x="52" y="230" width="274" height="22" rx="11" fill="{p.Deep}"/><path stroke="{p.Cream}" stroke-width="5" stroke-linecap="round" opacity=".5" d="M92 274L100 312M76 241H150"/>
            <g fill="{p.Cream}" opacity=".85" transform="translate(184 294)"><ellipse cy="8" rx="14" ry="11"/><circle cx="-18" cy="-4" r="6"/><circle cx="-7" cy="-13" r="6"/><circle cx="7" cy="-13" r="6"/><circle cx="18" cy="-4" r="6"/></g>
            """;
    }

    public static string Scoop(Animal animal, Palette p) => $"""
        <g transform="rotate(38 190 200)"><rect x="172" y="40" width="36" height="140" rx="18" fill="{p.Main}"/><rect x="182" y="58" width="16" height="30" rx="8" fill="{p.Paper}"/><path fill="{p.Deep}" opacity=".5" d="M196 92H208V180H196Z"/>
        <g transform="translate(189 124) rotate(-38) scale(.3)">{AnimalPortrait.Stamp(animal, p.Cream)}</g>
        <path fill="{p.Main}" d="M120 178Q124 164 144 164H236Q256 164 260 178L268 290Q262 322 190 324Q118 322 112 290Z"/><path fill="{p.Deep}" opacity=".45" d="M244 166Q258 168 260 178L268 290Q264 316 226 322Q244 304 242 284Z"/>
        <g stroke="{p.Paper}" stroke-width="11" stroke-linecap="round"><path d="M146 196V284M168 196V292M190 196V294M212 196V292M234 196V284"/></g><path stroke="{p.Cream}" stroke-width="5" stroke-linecap="round" opacity=".6" d="M130 184Q134 176 146 175H200"/></g>
        <g fill="{p.Accent}"><circle cx="82" cy="322" r="9"/><circle cx="112" cy="334" r="7"/><circle cx="150" cy="340" r="8"/><circle cx="62" cy="338" r="6"/></g><g fill="{p.Coat}"><circle cx="98" cy="318" r="6"/><circle cx="130" cy="328" r="6"/><circle cx="184" cy="340" r="5"/><circle cx="84" cy="342" r="5"/></g>
        <path fill="{p.Accent}" d="M106 96l6 18 18 6-18 6-6 18-6-18-18-6 18-6ZM148 66l4 11 11 4-11 4-4 11-4-11-11-4 11-4Z"/>
        """;

    public static string Bath(Animal animal, Palette p) => $"""
        <ellipse cx="182" cy="230" rx="122" ry="38" fill="{p.Deep}"/><ellipse cx="182" cy="232" rx="108" ry="29" fill="{p.Halo}"/>
        <path fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" d="M108 240Q126 232 144 240T180 240M206 248Q224 240 242 248M222 226Q236 220 250 226"/>
        <g transform="translate(178 176) scale(1.2)">{AnimalPortrait.Stamp(animal, p.Main)}<circle cx="-14" cy="-8" r="4.5" fill="{p.Ink}"/><path fill="{p.Halo}" d="M-48 42Q-20 22 0 30Q26 22 48 40Q20 52-48 42Z"/></g>
        <path fill="{p.Main}" d="M60 230Q70 270 182 270Q294 270 304 230Q300 306 242 322H122Q64 306 60 230Z"/><path fill="{p.Deep}" opacity=".5" d="M304 230Q300 306 242 322H218Q266 300 272 254Q298 246 304 230Z"/>
        <path fill="none" stroke="{p.Cream}" stroke-width="5" stroke-linecap="round" stroke-dasharray="1 16" d="M78 270Q110 292 182 292Q254 292 286 270"/><path fill="{p.Deep}" d="M128 322H236L250 340H114Z"/>
        <g fill="#6FB3D9"><path d="M98 150Q110 170 98 176Q86 170 98 150ZM272 146Q284 166 272 172Q260 166 272 146ZM126 96Q136 114 126 120Q116 114 126 96ZM240 88Q250 106 240 112Q230 106 240 88ZM184 72Q196 92 184 98Q172 92 184 72Z"/></g>
        """;

    public static string Net(Animal animal, Palette p)
    {
        var mesh = string.Concat(Enumerable.Range(1, 6).Select(i =>
            $"""<path d="M{92 + i * 24} 156Q{110 + i * 19} 250 {136 + i * 11} {318 - Math.Abs(i - 3) * 5}M{94 + i * 9} {164 + i * 22}Q185 {180 + i * 22} {282 - i * 11} {164 + i * 22}"/>"""));
        return $"""
            <path stroke="{p.Main}" stroke-width="16" stroke-linecap="round" d="M252 128L318 52"/><path stroke="{p.Deep}" stroke-width="18" stroke-linecap="round" d="M290 84L318 52"/>
            <path fill="{p.Cream}" opacity=".75" d="M90 156Q100 290 150 322Q184 338 218 320Q268 286 280 156Z"/><g fill="none" stroke="{p.Accent}" stroke-width="3" opacity=".7">{mesh}</g>
            <g transform="translate(186 246) rotate(-14)">{AnimalPortrait.Stamp(animal, p.Accent)}<path fill="{p.Cream}" opacity=".8" d="M-4-21Q4 0-4 21L-12 22Q-4 0-12-22Z"/><circle cx="-26" cy="-4" r="5" fill="#fff"/><circle cx="-27" cy="-4" r="3" fill="{p.Ink}"/></g>
            <ellipse cx="185" cy="156" rx="98" ry="34" fill="none" stroke="{p.Main}" stroke-width="13"/><path fill="none" stroke="{p.Cream}" stroke-width="4" stroke-linecap="round" opacity=".7" d="M96 146Q120 128 160 124"/>
            <g fill="{p.Main}" opacity=".8"><path d="M84 296Q94 312 84 318Q74 312 84 296ZM112 328Q120 342 112 346Q104 342 112 328ZM262 314Q270 328 262 332Q254 328 262 314Z"/></g>
            <g fill="none" stroke="{p.Main}" stroke-width="4"><circle cx="76" cy="238" r="9"/><circle cx="58" cy="206" r="6"/><circle cx="82" cy="100" r="8"/></g>
            """;
    }
}
