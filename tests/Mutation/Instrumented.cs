using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace EdgeInference.Mutation;

/// <summary>A source file with every mutant behind a switch. No line is added or taken away.</summary>
internal sealed class Instrumented
{
    private readonly StringBuilder text = new();
    private readonly List<(Mutant Mutant, int Start, int End)> ranges = [];

    internal Instrumented(string original, IEnumerable<Mutant> mutants)
    {
        List<Mutant> active = [.. mutants.Where(mutant => mutant.Active is not null)];
        Render(original, TextSpan.FromBounds(0, original.Length), active);
        Text = text.ToString();
    }

    internal string Text { get; }

    /// <summary>The mutants that an error at a place of <see cref="Text"/> belongs to: the smallest around it, or all of the member.</summary>
    internal List<Mutant> Blamed(int line, int column)
    {
        SyntaxNode root = SourceText.Parse(Text);
        int position = root.SyntaxTree.GetText().Lines[line - 1].Start + column - 1;
        var around = ranges.Where(range => range.Start <= position && position < range.End).ToList();
        if (around.Count > 0)
        {
            int smallest = around.Min(range => range.End - range.Start);
            return [.. around.Where(range => range.End - range.Start == smallest).Select(range => range.Mutant)];
        }

        // A removed assignment shows where the variable is read; one that no longer returns, at the member's name.
        SyntaxNode? member = root.FindToken(position).Parent?.AncestorsAndSelf().FirstOrDefault(node => node is MemberDeclarationSyntax and not BaseTypeDeclarationSyntax);
        List<(Mutant Mutant, int Start, int End)> inside = [.. ranges.Where(range => member is not null && member.Span.Contains(range.Start))];
        List<(Mutant Mutant, int Start, int End)> statements = [.. inside.Where(range => range.Mutant.Active!.Shape == Shape.Statement)];
        return [.. (statements.Count > 0 ? statements : inside).Select(range => range.Mutant).Distinct()];
    }

    private void Render(string original, TextSpan span, List<Mutant> mutants)
    {
        int position = span.Start;
        foreach (IGrouping<TextSpan, Mutant> group in mutants.GroupBy(mutant => mutant.Active!.Span).OrderBy(group => group.Key.Start).ThenByDescending(group => group.Key.Length))
        {
            if (group.Key.Start < position)
            {
                // Inside a group that is rendered already.
                continue;
            }

            text.Append(original, position, group.Key.Start - position);
            position = group.Key.End;
            Wrap(original, group.Key, [.. group], [.. mutants.Where(mutant => group.Key.Contains(mutant.Active!.Span) && mutant.Active.Span != group.Key)]);
        }

        text.Append(original, position, span.End - position);
    }

    private void Wrap(string original, TextSpan span, List<Mutant> group, List<Mutant> inner)
    {
        bool statement = group[0].Active!.Shape == Shape.Statement;
        List<Mutant> conditions = [.. group.Where(mutant => mutant.Active!.Shape is Shape.Never or Shape.Always or Shape.Negated)];
        int start = text.Length;
        text.Append('(', statement ? 0 : conditions.Count + 1).Append(statement ? "{ " : "");
        foreach (Mutant mutant in group.Except(conditions))
        {
            int mine = text.Length;
            text.Append(statement ? "if (" : "").Append(On(mutant));
            text.Append(statement ? ") { " : " ? (").Append(mutant.Active!.NewText).Append(statement ? " } else " : ") : ");
            ranges.Add((mutant, mine, text.Length));
        }

        text.Append(statement ? "{ " : "(");
        Render(original, span, inner);
        text.Append(statement ? " } }" : "))");
        foreach (Mutant mutant in conditions)
        {
            text.Append(mutant.Active!.Shape switch { Shape.Never => " && !", Shape.Always => " || ", _ => " != " }).Append(On(mutant)).Append(')');
        }

        ranges.AddRange(group.Select(mutant => (mutant, start, text.Length)));
    }

    private static string On(Mutant mutant) => string.Create(CultureInfo.InvariantCulture, $"global::EdgeMutant.Is({mutant.Number})");
}
