namespace Rosa.Host.Demo;

/// <summary>Where one sleeps, perches, hides or swims.</summary>
static class HomeMotifs
{
    public static string Cushion(Animal animal, Palette p) => $"""
        <path fill="{p.Deep}" d="M64 300Q50 262 96 256H274Q320 262 306 300Q308 338 264 336Q185 344 106 336Q62 338 64 300Z"/>
        <path fill="{p.Main}" d="M58 254Q46 206 100 204Q185 186 270 204Q324 206 312 254Q318 304 266 304Q185 318 104 304Q52 304 58 254Z"/>
        <path fill="{p.Cream}" opacity=".28" d="M84 232Q92 214 122 214Q185 202 246 214Q196 222 150 224Q104 226 84 232Z"/>
        <path fill="none" stroke="{p.Cream}" stroke-width="3" stroke-dasharray="8 7" d="M72 254Q66 220 104 218Q185 202 266 218Q304 220 298 254Q302 290 262 290Q185 304 108 290Q68 290 72 254Z"/>
        <g transform="translate(185 256) scale(.66)">{AnimalPortrait.Stamp(animal, p.Cream)}</g><path fill="none" stroke="{p.Ink}" stroke-width="4" opacity=".25" d="M120 244Q112 252 118 264M252 244Q260 252 254 264"/>
        <g fill="{p.Accent}"><circle cx="58" cy="214" r="11"/><circle cx="312" cy="214" r="11"/><circle cx="62" cy="302" r="11"/></g>
        <path fill="none" stroke="{p.Accent}" stroke-width="7" stroke-linecap="round" stroke-linejoin="round" d="M150 158H178L150 190H178"/><path fill="none" stroke="{p.Accent}" stroke-width="6" stroke-linecap="round" stroke-linejoin="round" d="M198 112H222L198 140H222M238 76H256L238 98H256"/>
        """;

    public static string Basket(Animal animal, Palette p)
    {
        var weave = string.Concat(Enumerable.Range(0, 11).Select(i =>
            $"""<path d="M{86 + i * 20} {(i % 2 == 0 ? 262 : 270)}v16M{76 + i * 21} {(i % 2 == 0 ? 288 : 294)}v14M{92 + i * 18} {(i % 2 == 0 ? 312 : 316)}v10"/>"""));
        return $"""
            <path fill="{p.Coat}" d="M58 246Q60 176 120 168H250Q310 176 312 246Z"/><path fill="{p.Ink}" opacity=".2" d="M76 246Q80 190 124 184H246Q290 190 294 246Z"/>
            <g transform="translate(184 200) scale(1.05)">{AnimalPortrait.Stamp(animal, p.Ink)}</g><path fill="none" stroke="{p.Cream}" stroke-width="4" stroke-linecap="round" d="M160 198Q167 205 174 198M194 198Q201 205 208 198"/>
            <path fill="{p.Main}" d="M68 252Q74 212 122 222Q160 206 186 222Q224 206 256 222Q296 214 302 252Q185 280 68 252Z"/><path fill="none" stroke="{p.Cream}" stroke-width="4" stroke-linecap="round" opacity=".6" d="M92 244Q104 230 124 234M246 234Q268 230 280 244M170 242Q186 232 202 242"/>
            <path fill="{p.Coat}" d="M50 244Q185 280 320 244Q318 310 278 334H92Q52 310 50 244Z"/><g stroke="{p.Cream}" stroke-width="9" stroke-linecap="round" opacity=".38">{weave}</g>
            <path fill="none" stroke="{p.Ink}" stroke-width="10" stroke-linecap="round" opacity=".4" d="M50 246Q185 284 320 246"/><path fill="none" stroke="{p.Halo}" stroke-width="8" stroke-linecap="round" stroke-dasharray="14 10" d="M50 244Q185 282 320 244"/>
            <path fill="{p.Accent}" d="M116 286C88 270 100 246 116 260C132 246 144 270 116 286Z"/><path fill="none" stroke="{p.Accent}" stroke-width="6" stroke-linecap="round" stroke-linejoin="round" d="M238 116H264L238 146H264M276 78H296L276 102H296"/>
            """;
    }

    public static string Blanket(Animal animal, Palette p) => $"""
        <path fill="{p.Deep}" d="M76 276Q70 306 84 322H290Q306 306 300 276Z"/><path fill="{p.Main}" d="M70 236Q64 268 80 286H292Q310 268 304 236Z"/><path fill="{p.Cream}" d="M76 196Q70 228 86 246H290Q304 228 298 196Z"/>
        <path fill="{p.Accent}" d="M86 212H296L292 226H82ZM78 254H302L298 266H76Z" opacity=".85"/><path stroke="{p.Cream}" stroke-width="4" stroke-dasharray="10 8" opacity=".6" d="M86 302H292"/>
        <path fill="{p.Main}" d="M66 166Q62 196 84 208H196L208 326H290L300 166Q185 148 66 166Z"/><path fill="{p.Deep}" opacity=".4" d="M196 208L208 326H226L214 200Z"/>
        <g stroke="{p.Cream}" stroke-width="5" opacity=".6"><path d="M240 160L246 326M278 163L274 326M84 186Q180 172 298 188M214 236L296 234M216 282L292 280"/></g>
        <g stroke="{p.Accent}" stroke-width="6" stroke-linecap="round"><path d="M214 330V346M230 330V346M246 330V346M262 330V346M278 330V346"/></g>
        <g transform="translate(138 186) scale(.42)">{AnimalPortrait.Stamp(animal, p.Cream)}</g><path fill="{p.Accent}" d="M150 136C106 112 124 72 150 94C176 72 194 112 150 136Z"/><path fill="{p.Main}" opacity=".6" d="M218 116C196 104 206 84 218 95C230 84 240 104 218 116Z"/>
        """;

    public static string House(Animal animal, Palette p) => $"""
        <path fill="{p.Coat}" d="M86 190H284V328H86Z"/><path fill="{p.Ink}" opacity=".15" d="M250 190H284V328H250Z"/><path stroke="{p.Ink}" stroke-width="3" opacity=".2" d="M86 222H284M86 254H284M86 286H284"/>
        <path fill="{p.Main}" d="M56 204L185 84L314 204L298 220L185 118L72 220Z"/><path fill="{p.Deep}" d="M86 206L185 118L284 206V212H86Z" opacity=".75"/>
        <g fill="none" stroke="{p.Cream}" stroke-width="4" stroke-linecap="round" opacity=".55"><path d="M82 196L180 106"/></g>
        <circle cx="185" cy="172" r="20" fill="{p.Cream}"/><g transform="translate(185 173) scale(.32)">{AnimalPortrait.Stamp(animal, p.Deep)}</g>
        <path fill="{p.Ink}" opacity=".85" d="M138 328V262Q140 218 185 218Q230 218 232 262V328Z"/><path fill="none" stroke="{p.Cream}" stroke-width="7" d="M138 328V262Q140 218 185 218Q230 218 232 262V328"/>
        <g fill="#fff"><ellipse cx="170" cy="274" rx="8" ry="9"/><ellipse cx="200" cy="274" rx="8" ry="9"/></g><g fill="{p.Ink}"><circle cx="172" cy="275" r="4.5"/><circle cx="202" cy="275" r="4.5"/></g>
        <path fill="{p.Accent}" d="M128 318H242Q250 336 236 338H134Q120 336 128 318Z"/><path fill="none" stroke="{p.Accent}" stroke-width="6" stroke-linecap="round" d="M66 336Q68 316 58 304M74 336Q78 312 88 302M296 336Q298 318 290 308"/><circle cx="58" cy="300" r="8" fill="{p.Main}"/><circle cx="90" cy="298" r="7" fill="{p.Main}"/><circle cx="288" cy="304" r="6" fill="{p.Main}"/>
        """;

    public static string Cave(Animal animal, Palette p) => $"""
        <path fill="#6DAA63" d="M70 326Q52 250 74 180Q96 250 92 326ZM286 326Q276 260 302 206Q312 270 302 326Z"/><path fill="#457F4E" d="M58 328Q34 290 38 244Q66 280 76 328ZM306 328Q314 280 334 254Q338 300 320 328Z"/>
        <path fill="{p.Coat}" d="M82 328Q84 248 118 214Q136 138 196 144Q258 140 268 216Q300 252 296 328Z"/><path fill="{p.Ink}" opacity=".22" d="M268 216Q300 252 296 328H262Q272 262 244 232Q236 190 216 146Q258 146 268 216Z"/>
        <path fill="{p.Cream}" opacity=".3" d="M104 262Q110 236 130 222Q138 170 172 158Q150 190 148 232Q124 244 112 284Z"/><path fill="none" stroke="{p.Ink}" stroke-width="4" stroke-linecap="round" opacity=".25" d="M150 186L168 196M222 178L238 190M108 292L124 298M262 286L276 280"/>
        <path fill="{p.Ink}" opacity=".85" d="M134 328Q130 246 186 242Q242 246 240 328Z"/><g transform="translate(190 290) scale(.72)">{AnimalPortrait.Stamp(animal, p.Main)}<circle cx="-24" cy="-4" r="6.5" fill="#fff"/><circle cx="-25" cy="-4" r="3.5" fill="{p.Ink}"/><path fill="{p.Cream}" opacity=".8" d="M-2-22Q6 0-2 22L-10 23Q-2 0-10-23Z"/></g>
        <g fill="{p.Accent}"><path d="M118 330Q100 312 116 300Q122 286 130 302Q148 310 134 330Z"/><circle cx="254" cy="322" r="10"/><circle cx="272" cy="326" r="7"/></g><g fill="{p.Cream}"><circle cx="156" cy="328" r="8"/><circle cx="172" cy="331" r="6"/><circle cx="222" cy="330" r="8"/></g>
        <g fill="none" stroke="{p.Main}" stroke-width="4"><circle cx="186" cy="112" r="9"/><circle cx="204" cy="84" r="6"/><circle cx="182" cy="62" r="10"/></g>
        """;

    public static string ScratchingPost(Animal animal, Palette p)
    {
        var rope = string.Concat(Enumerable.Range(0, 15).Select(i => $"""<path d="M152 {166 + i * 10}Q180 {174 + i * 10} 208 {164 + i * 10}"/>"""));
        return $"""
            <ellipse cx="180" cy="326" rx="108" ry="20" fill="{p.Deep}"/><ellipse cx="180" cy="318" rx="108" ry="20" fill="{p.Main}"/>
            <rect x="152" y="140" width="56" height="178" fill="#E3C391"/><g fill="none" stroke="{p.Coat}" stroke-width="3.5" opacity=".75">{rope}</g><path fill="{p.Ink}" opacity=".14" d="M192 150H208V318H192Z"/>
            <path fill="{p.Deep}" d="M82 136H278V148Q270 164 180 164Q90 164 82 148Z"/><ellipse cx="180" cy="136" rx="98" ry="22" fill="{p.Main}"/><ellipse cx="180" cy="133" rx="78" ry="14" fill="{p.Cream}" opacity=".6"/>
            <g transform="translate(168 92) scale(1.05)">{AnimalPortrait.Stamp(animal, p.Ink)}<g fill="{p.Accent}"><circle cx="-15" cy="0" r="5"/><circle cx="15" cy="0" r="5"/></g><path fill="{p.Halo}" d="M-5 10H5L0 16Z"/></g><path fill="none" stroke="{p.Ink}" stroke-width="11" stroke-linecap="round" d="M206 122Q262 124 270 160Q276 190 258 196"/>
            <path stroke="{p.Ink}" stroke-width="3" d="M100 158V216"/><circle cx="100" cy="232" r="18" fill="{p.Accent}"/><path fill="none" stroke="{p.Cream}" stroke-width="3" stroke-linecap="round" d="M88 226Q100 220 114 228M86 236Q100 230 116 240"/>
            <path stroke="{p.Ink}" stroke-width="5" stroke-linecap="round" opacity=".35" d="M164 256L170 282M176 254L182 284M188 254L194 280"/>
            """;
    }

    public static string Hammock(Animal animal, Palette p) => $"""
        <path stroke="{p.Coat}" stroke-width="16" stroke-linecap="round" d="M54 92V336M316 92V250"/><path stroke="{p.Coat}" stroke-width="14" stroke-linecap="round" d="M40 336H120M54 96H316"/>
        <path fill="none" stroke="{p.Ink}" stroke-width="4" d="M54 120L92 190M316 120L278 190M54 120L84 206M316 120L286 206"/><circle cx="54" cy="120" r="8" fill="{p.Accent}"/><circle cx="316" cy="120" r="8" fill="{p.Accent}"/>
        <path fill="{p.Deep}" d="M84 194Q185 250 286 194Q270 226 185 240Q100 226 84 194Z"/>
        <g transform="translate(184 204) scale(1.1)">{AnimalPortrait.Stamp(animal, p.Coat)}<path fill="none" stroke="{p.Ink}" stroke-width="3.5" stroke-linecap="round" d="M-22-4Q-15 4-8-4M8-4Q15 4 22-4"/><ellipse cy="8" rx="5" ry="4" fill="{p.Ink}"/></g>
        <path fill="{p.Main}" d="M82 190Q120 222 185 224Q250 222 288 190Q286 300 185 304Q84 300 82 190Z"/><path fill="{p.Cream}" d="M84 208Q120 238 185 240Q250 238 286 208L284 224Q248 256 185 256Q122 256 86 224Z" opacity=".75"/>
        <path fill="none" stroke="{p.Accent}" stroke-width="10" d="M96 252Q124 278 185 280Q246 278 274 252"/><path fill="{p.Deep}" opacity=".35" d="M288 190Q286 300 185 304Q250 284 262 218Q276 206 288 190Z"/>
        <g stroke="{p.Accent}" stroke-width="5" stroke-linecap="round"><path d="M130 296V314M158 304V322M186 306V326M214 304V322M242 294V312"/></g><path fill="none" stroke="{p.Main}" stroke-width="5" stroke-linecap="round" stroke-linejoin="round" d="M222 128H242L222 152H242M248 112H262"/>
        """;

    public static string Cage(Animal animal, Palette p)
    {
        var bars = string.Concat(Enumerable.Range(0, 9).Select(i => $"""<path d="M{92 + i * 23} 298V{(150 + Math.Abs(i - 4) * Math.Abs(i - 4) * 4)}Q{120 + i * 16} 112 184 98"/>"""));
        return $"""
            <circle cx="184" cy="78" r="15" fill="none" stroke="{p.Accent}" stroke-width="7"/><path fill="{p.Cream}" opacity=".6" d="M92 298V210Q96 104 184 98Q272 104 276 210V298Z"/>
            <rect x="104" y="236" width="160" height="10" rx="5" fill="{p.Coat}"/><g transform="translate(180 192) scale(1.1)">{AnimalPortrait.Stamp(animal, p.Main)}<circle cx="-12" cy="-14" r="4.5" fill="{p.Ink}"/></g>
            <path fill="none" stroke="{p.Accent}" stroke-width="3" d="M232 120V160M222 172A10 12 0 1 1 242 172A10 12 0 1 1 222 172"/>
            <g fill="none" stroke="{p.Deep}" stroke-width="4.5">{bars}</g><path fill="none" stroke="{p.Deep}" stroke-width="6" d="M92 212Q184 224 276 212M92 268H276"/>
            <rect x="150" y="252" width="66" height="46" rx="4" fill="none" stroke="{p.Accent}" stroke-width="6"/><circle cx="208" cy="276" r="4" fill="{p.Accent}"/>
            <path fill="{p.Main}" d="M76 294H292V318Q292 334 276 334H92Q76 334 76 318Z"/><path fill="{p.Deep}" opacity=".5" d="M262 294H292V318Q292 334 276 334H246Q262 328 262 314Z"/><path stroke="{p.Cream}" stroke-width="5" stroke-linecap="round" opacity=".6" d="M92 308H190"/>
            """;
    }

    public static string Perch(Animal animal, Palette p) => $"""
        <path stroke="{p.Coat}" stroke-width="22" stroke-linecap="round" fill="none" d="M186 328V214Q184 170 138 148M186 240Q214 214 272 206M186 196Q204 160 226 138"/>
        <path stroke="{p.Cream}" stroke-width="4" stroke-linecap="round" fill="none" opacity=".45" d="M180 310V226M206 224Q232 212 262 208M150 158Q170 170 178 190"/>
        <path fill="{p.Accent}" d="M128 148Q92 150 84 122Q118 112 132 142ZM226 138Q226 104 254 96Q264 126 234 142ZM274 206Q288 180 314 186Q308 214 278 212Z"/><path fill="none" stroke="{p.Cream}" stroke-width="2.5" opacity=".8" d="M94 126Q112 130 126 142M250 104Q240 118 232 134M306 192Q290 196 280 206"/>
        <ellipse cx="186" cy="326" rx="92" ry="17" fill="{p.Deep}"/><ellipse cx="186" cy="319" rx="92" ry="17" fill="{p.Main}"/><path fill="none" stroke="{p.Cream}" stroke-width="4" stroke-linecap="round" opacity=".6" d="M112 316Q140 308 176 308"/>
        <g transform="translate(168 118) scale(1.15)">{AnimalPortrait.Stamp(animal, p.Main)}<path fill="{p.Deep}" d="M-2-6Q24-10 34 12Q10 22-2-6Z"/><path fill="{p.Accent}" d="M-28-20L-48-10L-29-4Z"/><circle cx="-12" cy="-18" r="4.5" fill="{p.Ink}"/><path stroke="{p.Accent}" stroke-width="4" stroke-linecap="round" d="M-4 30V40M10 30V40"/></g>
        <path stroke="{p.Ink}" stroke-width="3" d="M258 210V254"/><rect x="244" y="250" width="28" height="34" rx="6" fill="{p.Main}"/><path fill="{p.Cream}" d="M244 262H272V268H244Z"/><path stroke="{p.Ink}" stroke-width="3" d="M108 136V180"/><circle cx="108" cy="190" r="11" fill="{p.Accent}"/>
        """;

    public static string Aquarium(Animal animal, Palette p) => $"""
        <path fill="{p.Deep}" d="M54 90H316V118H54Z"/><path stroke="{p.Cream}" stroke-width="5" stroke-linecap="round" opacity=".6" d="M70 104H150"/><rect x="60" y="116" width="250" height="192" fill="{p.Cream}"/>
        <path fill="{p.Main}" opacity=".35" d="M60 148Q90 138 122 148T184 148T246 148T310 146V308H60Z"/>
        <path fill="{p.Accent}" d="M98 290Q78 236 100 190Q116 236 106 290ZM118 290Q118 240 142 216Q146 260 128 290ZM270 290Q256 250 274 214Q290 250 280 290Z" opacity=".85"/>
        <g transform="translate(196 208) scale(.85)">{AnimalPortrait.Stamp(animal, p.Main)}<circle cx="-24" cy="-4" r="5.5" fill="#fff"/><circle cx="-25" cy="-4" r="3" fill="{p.Ink}"/><path fill="{p.Cream}" opacity=".8" d="M-2-22Q6 0-2 22L-10 23Q-2 0-10-23Z"/></g>
        <g transform="translate(236 260) scale(.42)">{AnimalPortrait.Stamp(animal, p.Accent)}<circle cx="-24" cy="-4" r="7" fill="{p.Ink}"/></g><g transform="translate(154 252) scale(-.36 .36)">{AnimalPortrait.Stamp(animal, p.Deep)}</g>
        <path fill="{p.Halo}" d="M60 284Q110 272 160 286T250 282T310 284V308H60Z"/><g fill="{p.Coat}" opacity=".7"><circle cx="84" cy="298" r="5"/><circle cx="120" cy="296" r="6"/><circle cx="168" cy="300" r="5"/><circle cx="210" cy="296" r="6"/><circle cx="250" cy="300" r="5"/><circle cx="290" cy="296" r="6"/></g>
        <g fill="none" stroke="#fff" stroke-width="3"><circle cx="142" cy="192" r="6"/><circle cx="150" cy="172" r="4"/><circle cx="262" cy="184" r="6"/><circle cx="254" cy="166" r="4"/></g><path stroke="#fff" stroke-width="8" stroke-linecap="round" opacity=".75" d="M76 134V236M92 134V170"/>
        <path fill="{p.Deep}" d="M54 304H316V326H54Z"/><path fill="{p.Coat}" d="M72 326H112V342H72ZM258 326H298V342H258Z"/>
        """;

    public static string Plant(Animal animal, Palette p) => $"""
        <path fill="#6DAA63" d="M176 300Q140 220 168 92Q206 190 196 300Z"/><path fill="#457F4E" d="M160 300Q100 250 92 140Q152 190 176 300Z"/><path fill="#457F4E" d="M206 300Q262 244 274 132Q214 186 194 300Z"/>
        <path fill="#8FBF6A" d="M150 304Q92 294 62 232Q124 240 166 300ZM216 304Q270 296 302 236Q246 240 204 300Z"/>
        <g fill="none" stroke="{p.Cream}" stroke-width="3.5" stroke-linecap="round" opacity=".65"><path d="M170 124Q168 210 184 286M102 162Q136 216 166 288M264 156Q234 212 202 288M80 244Q120 262 152 296M286 246Q248 264 218 296M172 170L160 158M172 200L186 186M176 234L162 222M180 258L192 246"/></g>
        <path fill="{p.Coat}" d="M112 300H258Q262 334 236 340H134Q108 334 112 300Z"/><path fill="{p.Ink}" opacity=".2" d="M236 300H258Q262 334 236 340H214Q236 332 236 300Z"/><g fill="{p.Halo}"><circle cx="136" cy="302" r="9"/><circle cx="158" cy="298" r="10"/><circle cx="184" cy="302" r="11"/><circle cx="210" cy="298" r="10"/><circle cx="234" cy="302" r="9"/></g>
        <g transform="translate(108 104) scale(.6)">{AnimalPortrait.Stamp(animal, p.Main)}<circle cx="-24" cy="-4" r="5" fill="{p.Cream}"/></g><g transform="translate(268 92) scale(-.4 .4)">{AnimalPortrait.Stamp(animal, p.Accent)}<circle cx="-24" cy="-4" r="6" fill="{p.Cream}"/></g>
        <g fill="none" stroke="{p.Main}" stroke-width="4"><circle cx="62" cy="90" r="7"/><circle cx="56" cy="66" r="5"/><circle cx="222" cy="112" r="6"/><circle cx="230" cy="76" r="8"/></g>
        """;

    public static string Gravel(Animal animal, Palette p)
    {
        var random = new DemoRandom((ulong)animal + 3);
        var pebbles = string.Concat(Enumerable.Range(0, 22).Select(i =>
        {
            var row = i < 10 ? 0 : i < 17 ? 1 : 2;
            var column = row switch { 0 => i, 1 => i - 10, _ => i - 17 };
            var x = 72 + row * 28 + column * 24 + random.Between(-4, 4);
            return $"""<ellipse cx="{x}" cy="{332 - row * 18}" rx="{random.Between(13, 17)}" ry="{random.Between(10, 13)}" fill="{(i % 4) switch { 0 => p.Coat, 1 => p.Halo, 2 => p.Main, _ => p.Accent }}"/>""";
        }));
        return $"""
            <path fill="{p.Cream}" d="M116 84H250L264 300H102Z"/><path fill="{p.Main}" d="M108 200Q146 186 184 198T259 194L266 306H100Z"/><path fill="{p.Deep}" d="M112 66H254V98H112Z"/><path stroke="{p.Cream}" stroke-width="3" stroke-dasharray="7 6" d="M120 86H246"/>
            <g fill="{p.Halo}"><circle cx="128" cy="216" r="8"/><circle cx="150" cy="206" r="7"/><circle cx="216" cy="210" r="8"/><circle cx="240" cy="214" r="7"/><circle cx="244" cy="246" r="8"/><circle cx="122" cy="250" r="7"/></g><g fill="{p.Accent}"><circle cx="136" cy="236" r="7"/><circle cx="230" cy="232" r="7"/><circle cx="120" cy="272" r="8"/><circle cx="250" cy="270" r="7"/></g>
            <circle cx="183" cy="170" r="52" fill="{p.Accent}"/><circle cx="183" cy="170" r="45" fill="{p.Cream}"/><g transform="translate(183 170) scale(.72)">{AnimalPortrait.Stamp(animal, p.Deep)}</g>{pebbles}
            <path stroke="#fff" stroke-width="7" stroke-linecap="round" opacity=".7" d="M130 112L126 176"/>
            """;
    }
}
