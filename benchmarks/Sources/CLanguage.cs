namespace EdgeInference.Benchmarks.Sources;

/// <summary>C; the loop over repetitions is in it, so that no call from .NET is counted.</summary>
internal sealed class CLanguage : SourceLanguage
{
    internal override int MostConstants => 400_000;

    internal override bool IsOutputInside => true;

    internal override string Function(string name) => name + "f";

    internal override string Constant(string name, string numbers, int count) => $"static const float {name}[{count}] __attribute__((aligned(64))) = {{{numbers}}};\n";

    internal override (string Before, string Within) Scratch(string name, int count) => ("", $"  float {name}[{count}] __attribute__((aligned(64)));\n");

    internal override string Tree(string name, string body) => $"static void {name}(const float* x, float* s) {{\n{body}}}\n";

    internal override string Program(string declarations, string body, SourceSizes sizes) => $$"""
        #include <math.h>
        {{declarations}}
        static void infer(const float* restrict x, float* restrict y) {
        {{body}}}
        void run(const float* rows, float* y, long count, long next, long times) {
          for (long i = 0; i < times; i++) {
            for (int b = 0; b < {{sizes.Batch}}; b++) infer(rows + (next * {{sizes.Batch}} + b) * {{sizes.Features}}, y + b * {{sizes.Outputs}});
            if (++next == count) next = 0;
            __asm__ volatile("" : : "r"(rows), "r"(y) : "memory");
          }
        }
        """;
}
