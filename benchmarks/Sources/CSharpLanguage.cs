using EdgeInference.Benchmarks.Models;

namespace EdgeInference.Benchmarks.Sources;

/// <summary>C# as one writes it by hand, or as m2cgen writes trees: arrays, spans and loops.</summary>
internal sealed class CSharpLanguage : SourceLanguage
{
    internal override int MostConstants => 20_000;

    internal override bool IsOutputInside => false;

    internal override string Function(string name) => name switch
    {
        "exp" => "MathF.Exp",
        "tanh" => "MathF.Tanh",
        _ => throw new PeerException($"MathF has no {name}"),
    };

    internal override string Constant(string name, string numbers, int count) => $"static readonly float[] {name} = {{{numbers}}};\n";

    internal override (string Before, string Within) Scratch(string name, int count) => ($"static readonly float[] {name} = new float[{count}];\n", "");

    internal override string Tree(string name, string body) => $"static void {name}(ReadOnlySpan<float> x, Span<float> s) {{\n{body}}}\n";

    internal override string Program(string declarations, string body, SourceSizes sizes) => $$"""
        using System;
        public static class Model {
        {{declarations}}
        static void infer(ReadOnlySpan<float> x, Span<float> y) {
        {{body}}}
        public static void Run(float[] rows, float[] y, int count, int next, int times) {
          for (int i = 0; i < times; i++) {
            for (int b = 0; b < {{sizes.Batch}}; b++) infer(rows.AsSpan((next * {{sizes.Batch}} + b) * {{sizes.Features}}, {{sizes.Features}}), y.AsSpan(b * {{sizes.Outputs}}, {{sizes.Outputs}}));
            if (++next == count) next = 0;
          }
        }
        }
        """;
}
