namespace Rosa.Host.Demo;

/// <summary>What is played with.</summary>
static class ToyMotifs
{
    public static string Ball(Animal animal, Palette p) => $"""
        <path fill="none" stroke="{p.Main}" stroke-width="5" stroke-linecap="round" stroke-dasharray="2 14" d="M44 208Q70 120 110 150M60 322Q96 330 116 316"/>
        <circle cx="190" cy="222" r="104" fill="{p.Main}"/><path fill="{p.Cream}" d="M124 142Q190 200 152 319Q128 308 110 288Q134 216 98 174Q108 156 124 142Z"/>
        <path fill="{p.Accent}" d="M206 119Q276 176 252 305Q274 284 286 262Q300 190 252 137Q230 122 206 119Z"/>
        <path fill="{p.Deep}" opacity=".3" d="M294 222A104 104 0 0 1 110 288Q190 320 250 260Q282 220 270 156Q294 184 294 222Z"/>
        <path fill="none" stroke="#fff" stroke-width="10" stroke-linecap="round" opacity=".7" d="M158 146Q176 136 196 138"/>
        <path fill="none" stroke="{p.Cream}" stroke-width="3" stroke-linecap="round" stroke-dasharray="6 8" opacity=".7" d="M136 138Q206 200 166 320M196 122Q262 178 238 312"/>
        <g transform="translate(202 232) scale(.75)">{AnimalPortrait.Stamp(animal, p.Cream)}</g>
        """;

    public static string Rope(Animal animal, Palette p)
    {
        var strands = string.Concat(Enumerable.Range(0, 13).Select(i =>
            $"""<path d="M{112 + i * 12} 206L{124 + i * 12} 246" stroke="{(i % 2 == 0 ? p.Cream : p.Deep)}"/>"""));
        return $"""
            <g transform="rotate(-28 190 226)"><g fill="none" stroke="{p.Accent}" stroke-width="8" stroke-linecap="round"><path d="M84 226Q50 200 40 184M84 226Q46 218 26 218M84 226Q46 236 30 252M84 226Q56 250 50 272"/>
            <path d="M296 226Q330 200 340 184M296 226Q334 218 354 218M296 226Q334 236 350 252M296 226Q324 250 330 272"/></g>
            <rect x="96" y="206" width="188" height="40" rx="20" fill="{p.Main}"/><g stroke-width="6" stroke-linecap="round">{strands}</g>
            {Knot(92, p)}{Knot(288, p)}{Knot(190, p)}</g>
            <path fill="none" stroke="{p.Accent}" stroke-width="5" stroke-linecap="round" d="M84 152Q72 162 76 178M282 282Q294 288 292 302"/>
            """;
    }

    static string Knot(int x, Palette p) => $"""
        <ellipse cx="{x}" cy="226" rx="30" ry="36" fill="{p.Main}"/>
        <path fill="none" stroke="{p.Deep}" stroke-width="6" stroke-linecap="round" d="M{x - 20} 206Q{x + 6} 214 {x + 18} 244M{x - 24} 226Q{x - 4} 232 {x + 4} 256M{x - 4} 196Q{x + 16} 204 {x + 24} 224"/>
        <path fill="none" stroke="{p.Cream}" stroke-width="3" stroke-linecap="round" opacity=".7" d="M{x - 22} 216Q{x} 222 {x + 12} 250"/>
        """;

    public static string Bone(Animal animal, Palette p) => $"""
        <g transform="rotate(-22 186 216)"><path fill="{p.Main}" d="M120 186Q110 130 70 150Q52 160 58 190Q40 204 52 236Q62 268 96 262Q112 258 120 244H252Q260 268 294 266Q326 260 322 230Q334 204 312 188Q316 156 286 148Q256 146 252 186Z"/>
        <path fill="{p.Deep}" opacity=".4" d="M120 244H252Q260 268 294 266Q326 260 322 230Q312 250 286 246Q264 242 254 226H120Q104 246 76 244Q56 240 48 222Q48 264 84 264Q110 262 120 244Z"/>
        <path fill="none" stroke="{p.Cream}" stroke-width="7" stroke-linecap="round" opacity=".75" d="M74 172Q84 160 98 168M136 200H190"/>
        <g fill="{p.Accent}"><circle cx="214" cy="202" r="7"/><circle cx="238" cy="214" r="7"/><circle cx="162" cy="222" r="7"/><circle cx="138" cy="226" r="5"/><circle cx="190" cy="226" r="5"/></g></g>
        <path fill="none" stroke="{p.Deep}" stroke-width="5" stroke-linecap="round" d="M92 316Q112 326 136 322M150 330Q160 334 172 332"/>
        <path fill="none" stroke="{p.Accent}" stroke-width="6" stroke-linecap="round" d="M170 118V96M196 118L206 98M146 124L134 106"/>
        """;

    public static string Sticks(Animal animal, Palette p)
    {
        var twigs = string.Concat(Enumerable.Range(0, 9).Select(i =>
            $"""<path stroke="{(i % 2 == 0 ? "#B98A5A" : "#9A6F45")}" d="M{112 + i * 18} {316 - i % 3 * 6}L{(100 + i * 21)} {116 + i * 29 % 34}"/><circle cx="{100 + i * 21}" cy="{116 + i * 29 % 34}" r="8" fill="#F0D9AE" stroke="none"/>"""));
        return $"""
            <path fill="none" stroke="#6DAA63" stroke-width="5" stroke-linecap="round" d="M82 196Q66 172 74 146M290 186Q306 164 300 136"/><g fill="#6DAA63"><path d="M74 150Q48 136 58 110Q84 122 74 150ZM78 178Q52 180 46 160Q68 152 78 178ZM300 140Q292 112 316 100Q330 122 300 140ZM298 166Q304 142 326 150Q322 170 298 166Z"/></g>
            <g stroke-width="18" stroke-linecap="round">{twigs}</g>
            <path fill="{p.Main}" d="M96 214Q185 230 274 214L272 256Q185 272 98 256Z"/><path fill="{p.Deep}" opacity=".5" d="M242 219L274 214L272 256L242 261Z"/><path fill="none" stroke="{p.Cream}" stroke-width="3" stroke-dasharray="7 6" d="M100 222Q185 238 270 222M102 248Q185 264 268 248"/>
            <path fill="{p.Accent}" d="M185 240Q148 204 138 232Q140 262 185 240Q222 204 232 232Q230 262 185 240L160 292L178 284L186 244L200 286L216 290Z"/><circle cx="185" cy="241" r="11" fill="{p.Deep}"/>
            """;
    }

    public static string MossBall(Animal animal, Palette p)
    {
        var random = new DemoRandom((ulong)animal + 21);
        var tufts = string.Concat(Enumerable.Range(0, 30).Select(i => $"""<path d="M0-92q{random.Between(-12, 12)}-8 {random.Between(-6, 6)}-{random.Between(16, 26)}" transform="rotate({i * 12})"/>"""));
        var specks = string.Concat(Enumerable.Range(0, 16).Select(i => $"""<path d="M{random.Between(-62, 62)} {random.Between(-62, 62)}q6-12 14-6"/>"""));
        return $"""
            <g transform="translate(180 224)"><g fill="none" stroke="#6DAA63" stroke-width="7" stroke-linecap="round">{tufts}</g><circle r="98" fill="#6DAA63"/><path fill="#457F4E" opacity=".55" d="M98 0A98 98 0 0 1-70 68Q30 70 60-77Q98-50 98 0Z"/>
            <g fill="none" stroke="#9CCB7C" stroke-width="4" stroke-linecap="round">{specks}</g></g>
            <g transform="translate(84 112) scale(.55)">{AnimalPortrait.Stamp(animal, p.Main)}<circle cx="-24" cy="-4" r="6" fill="{p.Cream}"/></g>
            <g fill="none" stroke="{p.Main}" stroke-width="4"><circle cx="296" cy="136" r="9"/><circle cx="310" cy="104" r="6"/><circle cx="290" cy="78" r="11"/><circle cx="230" cy="84" r="5"/></g><g fill="{p.Coat}" opacity=".7"><circle cx="70" cy="334" r="9"/><circle cx="90" cy="338" r="7"/><circle cx="262" cy="336" r="8"/></g>
            """;
    }

    public static string Plush(Animal animal, Palette p) => $"""
        <path fill="{p.Main}" d="M128 110Q98 92 96 124Q98 150 122 156ZM242 110Q272 92 274 124Q272 150 248 156Z"/><path fill="{p.Accent}" d="M116 116Q106 112 106 124Q108 136 120 140ZM254 116Q264 112 264 124Q262 136 250 140Z"/>
        <ellipse cx="185" cy="268" rx="74" ry="66" fill="{p.Main}"/><ellipse cx="185" cy="276" rx="46" ry="44" fill="{p.Cream}"/>
        <path fill="{p.Deep}" d="M118 226Q70 234 78 272Q92 288 122 262ZM252 226Q300 234 292 272Q278 288 248 262Z"/>
        <ellipse cx="132" cy="322" rx="34" ry="20" fill="{p.Deep}"/><ellipse cx="238" cy="322" rx="34" ry="20" fill="{p.Deep}"/><ellipse cx="128" cy="322" rx="16" ry="10" fill="{p.Halo}"/><ellipse cx="242" cy="322" rx="16" ry="10" fill="{p.Halo}"/>
        <ellipse cx="185" cy="166" rx="72" ry="62" fill="{p.Main}"/><ellipse cx="185" cy="188" rx="34" ry="26" fill="{p.Cream}"/>
        <ellipse cx="185" cy="176" rx="11" ry="8" fill="{p.Ink}"/><path fill="none" stroke="{p.Ink}" stroke-width="3.5" stroke-linecap="round" d="M185 184V194M171 197Q180 204 185 194Q190 204 199 197"/>
        <circle cx="156" cy="152" r="8" fill="{p.Ink}"/><path stroke="{p.Ink}" stroke-width="5" stroke-linecap="round" d="M207 145L223 159M223 145L207 159"/>
        <path fill="{p.Accent}" d="M122 218Q185 248 248 218L244 238Q185 264 126 238Z"/><path fill="{p.Accent}" d="M170 240L152 290L180 282L196 292L194 244Z"/>
        <path stroke="{p.Deep}" stroke-width="3" stroke-dasharray="6 5" d="M185 106V134"/><g transform="translate(206 292) scale(.3)">{AnimalPortrait.Stamp(animal, p.Deep)}</g>
        """;

    public static string Wand(Animal animal, Palette p) => $"""
        <path stroke="{p.Coat}" stroke-width="12" stroke-linecap="round" d="M70 322L236 96"/><path stroke="{p.Main}" stroke-width="18" stroke-linecap="round" d="M70 322L112 265"/>
        <path stroke="{p.Cream}" stroke-width="4" d="M80 298L96 310M92 282L108 294"/>
        <path fill="none" stroke="{p.Ink}" stroke-width="3.5" d="M236 96Q300 62 292 130Q276 176 226 170Q190 172 198 206"/>
        <g transform="translate(198 208)"><path fill="{p.Main}" d="M-4 6Q-62 30-66 96Q-24 86 2 14Z"/><path fill="{p.Accent}" d="M2 8Q-22 70 12 120Q38 80 8 10Z"/><path fill="{p.Deep}" d="M8 6Q30 62 82 76Q72 24 12 4Z"/>
        <g fill="none" stroke="{p.Cream}" stroke-width="2.5" opacity=".85"><path d="M0 12Q-36 46-56 84M-26 40L-46 42M-26 40L-24 64M-42 62L-58 66M-42 62L-40 80"/><path d="M6 14Q2 64 12 106M5 50L-6 62M5 50L20 62M8 76L-2 88M8 76L22 86"/><path d="M12 10Q38 40 74 68M36 36L38 56M36 36L56 38M54 52L56 66M54 52L70 52"/></g>
        <circle r="17" fill="{p.Accent}"/><circle cx="-4" cy="-4" r="5" fill="{p.Cream}"/><path stroke="{p.Deep}" stroke-width="3" d="M-16 2H16"/><circle cy="8" r="3.5" fill="{p.Deep}"/></g>
        <path fill="none" stroke="{p.Accent}" stroke-width="5" stroke-linecap="round" d="M272 250Q284 266 278 284M120 310Q134 324 152 322M292 200L304 192"/>
        """;

    public static string Mouse(Animal animal, Palette p) => $"""
        <path fill="none" stroke="{p.Accent}" stroke-width="9" stroke-linecap="round" d="M268 288Q320 296 314 244Q300 204 268 220Q240 240 262 176Q272 140 248 120"/>
        <path fill="{p.Main}" d="M52 292Q70 206 150 186Q240 172 280 250Q290 300 256 316Q150 332 76 312Q50 306 52 292Z"/>
        <path fill="{p.Deep}" opacity=".45" d="M280 250Q290 300 256 316Q150 332 76 312Q60 308 54 300Q150 312 220 292Q266 280 276 242Z"/>
        <circle cx="132" cy="190" r="38" fill="{p.Main}"/><circle cx="132" cy="190" r="25" fill="{p.Halo}"/><path fill="{p.Deep}" d="M168 206Q184 160 208 184Q214 210 184 220Z"/>
        <circle cx="104" cy="250" r="8" fill="{p.Ink}"/><circle cx="101" cy="247" r="2.6" fill="#fff"/><circle cx="52" cy="288" r="12" fill="{p.Accent}"/>
        <path fill="none" stroke="{p.Ink}" stroke-width="3" stroke-linecap="round" d="M84 284L56 262M82 292L38 306M88 298L60 326M72 302Q84 308 94 298"/>
        <g stroke="{p.Cream}" stroke-width="4" stroke-linecap="round"><path d="M196 214L212 250M184 236L224 228M222 252L236 284M208 274L250 264"/></g>
        <path fill="{p.Cream}" opacity=".9" d="M150 262C126 248 136 228 150 240C164 228 174 248 150 262Z"/>
        """;

    public static string Swing(Animal animal, Palette p) => $"""
        <path stroke="{p.Coat}" stroke-width="14" stroke-linecap="round" d="M54 72Q180 56 320 74"/><path fill="{p.Accent}" d="M76 66Q66 36 40 44Q46 66 76 72ZM292 70Q304 40 328 48Q322 74 292 74Z"/>
        <path fill="none" stroke="{p.Ink}" stroke-width="5" d="M106 70V276M264 70V276"/>
        {Beads(106, p.Main, p.Accent, p.Cream)}{Beads(264, p.Accent, p.Main, p.Cream)}
        <rect x="84" y="270" width="202" height="24" rx="12" fill="{p.Coat}"/><path fill="none" stroke="{p.Cream}" stroke-width="3" stroke-linecap="round" opacity=".5" d="M102 278H170M184 284H252"/>
        <g transform="translate(186 220) scale(1.35)"><path fill="{p.Main}" d="M-40-16L-24-24Q-16-42 5-38Q28-32 30-6L52 16Q44 24 30 22Q18 36-4 36Q-30 32-31 0Z"/><path fill="{p.Deep}" d="M-6-6Q22-12 36 16Q8 24-6-6Z"/><path fill="{p.Accent}" d="M-26-22L-46-14L-28-8Z"/><path fill="{p.Cream}" d="M-30 4Q-24 32-2 35Q-6 12-30 4Z"/><circle cx="-13" cy="-22" r="4.5" fill="{p.Ink}"/><circle cx="-14.5" cy="-23.5" r="1.5" fill="#fff"/><path stroke="{p.Accent}" stroke-width="3.5" stroke-linecap="round" d="M-4 35V44M8 34V44"/></g>
        <path stroke="{p.Ink}" stroke-width="3" d="M186 294V316"/><path fill="{p.Accent}" d="M170 336Q174 314 186 314Q198 314 202 336Z"/><circle cx="186" cy="339" r="5" fill="{p.Deep}"/>
        """;

    static string Beads(int x, string one, string two, string three) => $"""
        <circle cx="{x}" cy="112" r="14" fill="{one}"/><circle cx="{x}" cy="138" r="11" fill="{three}"/><rect x="{x - 11}" y="150" width="22" height="28" rx="5" fill="{two}"/><circle cx="{x}" cy="190" r="11" fill="{one}"/>
        """;

    public static string Ladder(Animal animal, Palette p)
    {
        var rungs = string.Concat(Enumerable.Range(0, 6).Select(i =>
            $"""<rect x="112" y="{106 + i * 38}" width="130" height="13" rx="6.5" fill="{(i % 3) switch { 0 => p.Main, 1 => p.Accent, _ => p.Deep }}"/>"""));
        return $"""
            <g transform="rotate(9 180 210)">{rungs}<path stroke="{p.Coat}" stroke-width="15" stroke-linecap="round" d="M120 76V334M234 76V334"/>
            <path stroke="{p.Cream}" stroke-width="3" stroke-linecap="round" opacity=".5" d="M117 92V200M231 120V240"/>
            <circle cx="158" cy="188" r="15" fill="{p.Accent}"/><circle cx="186" cy="188" r="15" fill="{p.Cream}"/><circle cx="172" cy="264" r="15" fill="{p.Main}"/><circle cx="200" cy="264" r="15" fill="{p.Cream}"/>
            <path fill="none" stroke="{p.Ink}" stroke-width="5" stroke-linecap="round" d="M120 76Q120 52 138 54M234 76Q234 52 252 54"/></g>
            <path fill="{p.Accent}" d="M86 250Q70 252 70 276H104Q102 252 86 250Z"/><circle cx="87" cy="281" r="5" fill="{p.Deep}"/><path stroke="{p.Ink}" stroke-width="3" d="M87 206V250"/>
            <g transform="translate(88 128) scale(.62)">{AnimalPortrait.Stamp(animal, p.Main)}</g>
            """;
    }

    public static string Mirror(Animal animal, Palette p) => $"""
        <path fill="none" stroke="{p.Ink}" stroke-width="4" d="M185 56V96"/><circle cx="185" cy="60" r="9" fill="none" stroke="{p.Ink}" stroke-width="5"/>
        <ellipse cx="185" cy="188" rx="98" ry="104" fill="{p.Main}"/><ellipse cx="185" cy="188" rx="98" ry="104" fill="none" stroke="{p.Deep}" stroke-width="6"/>
        <ellipse cx="185" cy="188" rx="76" ry="82" fill="{p.Cream}"/><ellipse cx="185" cy="188" rx="70" ry="76" fill="{p.Halo}"/>
        <g transform="translate(188 202) scale(1.15)">{AnimalPortrait.Stamp(animal, p.Main)}<circle cx="-12" cy="-18" r="4.5" fill="{p.Ink}"/></g>
        <path stroke="#fff" stroke-width="9" stroke-linecap="round" opacity=".75" d="M132 170L176 118M140 196L162 170"/>
        <g fill="{p.Accent}"><circle cx="98" cy="188" r="8"/><circle cx="272" cy="188" r="8"/><circle cx="118" cy="122" r="8"/><circle cx="252" cy="122" r="8"/><circle cx="118" cy="254" r="8"/><circle cx="252" cy="254" r="8"/><circle cx="185" cy="94" r="8"/></g>
        <path stroke="{p.Ink}" stroke-width="3" d="M146 284V310M185 292V318M224 284V310"/><path fill="{p.Accent}" d="M134 332Q136 308 146 308Q156 308 158 332ZM212 332Q214 308 224 308Q234 308 236 332Z"/><path fill="{p.Deep}" d="M172 342Q174 316 185 316Q196 316 198 342Z"/>
        """;

    public static string Wheel(Animal animal, Palette p)
    {
        var treads = string.Concat(Enumerable.Range(0, 16).Select(i => $"""<path d="M178 92V110" transform="rotate({i * 22.5:0.#} 178 202)"/>"""));
        return $"""
            <path fill="{p.Coat}" d="M104 336L170 196H188L252 336H226L179 226L130 336Z"/><rect x="88" y="326" width="182" height="14" rx="7" fill="{p.Coat}"/>
            <circle cx="178" cy="202" r="106" fill="{p.Main}"/><circle cx="178" cy="202" r="88" fill="{p.Cream}"/><circle cx="178" cy="202" r="88" fill="{p.Halo}" opacity=".5"/>
            <g stroke="{p.Deep}" stroke-width="6" stroke-linecap="round">{treads}</g>
            <path stroke="{p.Main}" stroke-width="9" stroke-linecap="round" opacity=".7" d="M178 202V118M178 202L98 178M178 202L258 178"/><circle cx="178" cy="202" r="15" fill="{p.Accent}"/><circle cx="178" cy="202" r="6" fill="{p.Cream}"/>
            <g transform="translate(180 262)"><path fill="{p.Coat}" d="M-52 16Q-58-8-32-22Q-2-40 34-18Q52 0 40 20Q-6 30-52 16Z"/><circle cx="-28" cy="-22" r="10" fill="{p.Coat}"/><circle cx="-28" cy="-22" r="5.5" fill="{p.Halo}"/><path fill="{p.Cream}" d="M-50 14Q-40-2-14 6Q8 20-6 24Q-34 24-50 14Z"/><circle cx="-40" cy="-4" r="4" fill="{p.Ink}"/><circle cx="-54" cy="7" r="4" fill="{p.Accent}"/><path stroke="{p.Halo}" stroke-width="7" stroke-linecap="round" d="M-28 22L-42 28M22 21L34 28"/></g>
            <path fill="none" stroke="{p.Accent}" stroke-width="5" stroke-linecap="round" d="M54 150Q66 106 98 82M300 146Q292 108 262 84"/>
            """;
    }

    public static string Tunnel(Animal animal, Palette p) => $"""
        <path fill="{p.Main}" d="M104 172Q170 130 250 150Q318 176 312 260Q306 320 262 322H104Z"/>
        <path fill="none" stroke="{p.Deep}" stroke-width="8" opacity=".6" d="M168 152Q206 190 198 322M224 146Q262 190 250 322M276 166Q306 214 292 304"/>
        <path fill="none" stroke="{p.Cream}" stroke-width="5" stroke-linecap="round" stroke-dasharray="10 10" opacity=".8" d="M146 158Q184 200 174 318M200 146Q236 190 226 318"/>
        <ellipse cx="108" cy="248" rx="62" ry="78" fill="{p.Accent}"/><ellipse cx="106" cy="250" rx="48" ry="63" fill="{p.Ink}" opacity=".8"/>
        <g transform="translate(106 276)"><circle cx="-18" cy="-26" r="10" fill="{p.Halo}"/><circle cx="18" cy="-26" r="10" fill="{p.Halo}"/><path fill="{p.Halo}" d="M0-34Q26-32 32 4Q30 30 0 34Q-30 30-32 4Q-26-32 0-34Z"/><circle cx="-12" cy="-6" r="4.5" fill="{p.Ink}"/><circle cx="12" cy="-6" r="4.5" fill="{p.Ink}"/><ellipse cy="8" rx="5" ry="4" fill="{p.Accent}"/><path fill="none" stroke="{p.Ink}" stroke-width="2" stroke-linecap="round" d="M-7 15Q-2 18 0 13Q2 18 7 15"/></g>
        <path fill="none" stroke="{p.Coat}" stroke-width="6" stroke-linecap="round" d="M44 334H120M150 336H230"/>
        """;

    public static string Castle(Animal animal, Palette p) => $"""
        <path fill="{p.Accent}" d="M58 330Q70 250 60 196Q82 240 78 330ZM84 332Q92 280 104 254Q106 300 100 332Z" opacity=".85"/>
        <path fill="{p.Main}" d="M104 196V322H262V196L246 196V180H230V196H214V180H198V196H170V180H154V196H138V180H120V196Z"/>
        <path fill="{p.Deep}" d="M96 148H148V322H96Z"/><path fill="{p.Deep}" d="M222 128H276V322H222Z"/><path fill="{p.Accent}" d="M88 150L122 92L156 150ZM214 130L249 66L284 130Z"/>
        <path stroke="{p.Ink}" stroke-width="4" stroke-linecap="round" d="M249 66V40M122 92V70"/><path fill="{p.Main}" d="M249 40L278 49L249 58ZM122 70L98 77L122 85Z"/>
        <path fill="{p.Ink}" opacity=".7" d="M160 322V270Q162 244 186 244Q210 244 212 270V322Z"/><g fill="{p.Halo}"><path d="M112 196V180Q122 166 132 180V196ZM240 178V160Q249 146 259 160V178ZM240 240V222Q249 208 259 222V240ZM112 250V234Q122 220 132 234V250Z"/></g>
        <g fill="{p.Cream}" opacity=".35"><rect x="158" y="212" width="22" height="9" rx="3"/><rect x="192" y="226" width="20" height="9" rx="3"/><rect x="104" y="282" width="20" height="9" rx="3"/><rect x="238" y="288" width="24" height="9" rx="3"/></g>
        <path fill="{p.Halo}" d="M36 330Q110 308 190 324T352 322L352 348Q180 356 36 344Z"/><g fill="none" stroke="{p.Main}" stroke-width="4"><circle cx="186" cy="216" r="7"/><circle cx="196" cy="150" r="9"/><circle cx="178" cy="112" r="6"/><circle cx="194" cy="84" r="8"/></g>
        <g transform="translate(186 288) scale(.4)">{AnimalPortrait.Stamp(animal, p.Accent)}</g>
        """;
}
