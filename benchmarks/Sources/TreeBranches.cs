using System.Text;
using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Benchmarks.Sources;

/// <summary>Trees as nested branches, as m2cgen writes them: a function a tree.</summary>
internal static class TreeBranches
{
    private static readonly string[] comparisons = ["<=", "<", ">=", ">", "==", "!="];

    internal static void Add(LoopSource source, Node node, int i)
    {
        // Numbers of splits, or of splits and leaves, from which each tree then counts its own.
        int[] numbers = Unsigned(node.Input(TreeEnsembleRule.Trees));
        int step = node.Input(TreeEnsembleRule.Trees).Shape.Length;
        Forest forest = Forest.Of(node);
        int width = node.Input(TreeEnsembleRule.Weights).LastDimension;
        int[] targets = node.InputOrNull(TreeEnsembleRule.TargetInput) is { } named ? Unsigned(named) : [];
        var kind = (TreeTargets)node.Parameters[TreeEnsembleRule.Targets];
        string x = source.Name(node.Input(0));
        string y = source.Result(node.Output, $"y{i}");
        source.Line($"for (int u = 0; u < {node.Output.Elements}; u++) {y}[u] = 0;");
        int first = 0;
        int firstLeaf = 0;
        int trees = numbers.Length / step;
        for (int tree = 0; tree < trees; tree++)
        {
            var body = new StringBuilder();
            Split(body, first);
            source.Declare(source.Language.Tree($"t{i}_{tree}", body.ToString()));
            source.Line($"t{i}_{tree}({x}, {y});");
            first += numbers[tree * step];
            firstLeaf += step == 2 ? numbers[(2 * tree) + 1] : 0;

            void Split(StringBuilder text, int split)
            {
                text.Append($"if (x[{forest.Features[split]}] {comparisons[forest.Comparison(split) & 7]} {SourceLanguage.Literal(forest.Thresholds[split])}) {{ ");
                Child(text, split, forest.Children[2 * split]);
                text.Append("} else { ");
                Child(text, split, forest.Children[(2 * split) + 1]);
                text.Append("}\n");
            }

            void Child(StringBuilder text, int split, int child)
            {
                if (child >= 0)
                {
                    Split(text, split + 1 + child);
                    return;
                }

                for (int w = 0; w < width; w++)
                {
                    int weight = ((firstLeaf - 1 - child) * width) + w;
                    int target = kind switch { TreeTargets.All => w, TreeTargets.OfWeight => targets[weight], _ => targets[tree] };
                    text.Append($"s[{target}] += {SourceLanguage.Literal(forest.Weights[weight])}; ");
                }
            }
        }

        switch (node.Parameters[TreeEnsembleRule.Aggregate])
        {
            case 0:
                break;
            case 1:
                source.Line($"for (int u = 0; u < {node.Output.Elements}; u++) {y}[u] /= {trees};");
                break;
            default:
                throw new PeerException("no branches are written for the smallest or largest tree");
        }
    }

    private static int[] Unsigned(Value value) => value.Data switch
    {
        sbyte[] bytes => Array.ConvertAll(bytes, element => (int)(byte)element),
        short[] shorts => Array.ConvertAll(shorts, element => (int)(ushort)element),
        var ints => (int[])ints!,
    };
}
