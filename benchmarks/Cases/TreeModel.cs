using EdgeInference.Benchmarks.Quantized;
using EdgeInference.ModelConverter.Import.Onnx;
using Microsoft.ML.Trainers.FastTree;

namespace EdgeInference.Benchmarks.Cases;

/// <summary>ML.NET's trees as ONNX's TreeEnsembleRegressor: the sum of the leaves that a row reaches.</summary>
internal static class TreeModel
{
    internal static byte[] Write(RegressionTreeEnsemble ensemble, int features)
    {
        var node = new OnnxNode { Name = "trees", OpType = "TreeEnsembleRegressor", Domain = "ai.onnx.ml" };
        node.Inputs.Add("x");
        node.Outputs.Add("y");
        OnnxAttribute treeIds = Ints("nodes_treeids"), nodeIds = Ints("nodes_nodeids"), featureIds = Ints("nodes_featureids"), yes = Ints("nodes_truenodeids"), no = Ints("nodes_falsenodeids");
        OnnxAttribute modes = new() { Name = "nodes_modes", Kind = OnnxAttributeKind.Texts };
        OnnxAttribute values = new() { Name = "nodes_values", Kind = OnnxAttributeKind.Floats };
        OnnxAttribute targetTrees = Ints("target_treeids"), targetNodes = Ints("target_nodeids"), targets = Ints("target_ids");
        OnnxAttribute weights = new() { Name = "target_weights", Kind = OnnxAttributeKind.Floats };
        for (int tree = 0; tree < ensemble.Trees.Count; tree++)
        {
            RegressionTree source = ensemble.Trees[tree];
            int splits = source.NumberOfNodes;
            for (int i = 0; i < splits + source.NumberOfLeaves; i++)
            {
                bool isSplit = i < splits;
                treeIds.Ints.Add(tree);
                nodeIds.Ints.Add(i);
                modes.Texts.Add(isSplit ? "BRANCH_LEQ" : "LEAF");
                featureIds.Ints.Add(isSplit ? source.NumericalSplitFeatureIndexes[i] : 0);
                values.Floats.Add(isSplit ? source.NumericalSplitThresholds[i] : 0);
                yes.Ints.Add(isSplit ? Child(source.LeftChild[i]) : 0);
                no.Ints.Add(isSplit ? Child(source.RightChild[i]) : 0);
                if (!isSplit)
                {
                    targetTrees.Ints.Add(tree);
                    targetNodes.Ints.Add(i);
                    targets.Ints.Add(0);
                    weights.Floats.Add((float)(source.LeafValues[i - splits] * ensemble.TreeWeights[tree]));
                }
            }

            // ML.NET counts leaves as −1 − i.
            int Child(int child) => child < 0 ? splits - 1 - child : child;
        }

        node.Attributes.AddRange([treeIds, nodeIds, featureIds, modes, values, yes, no, targetTrees, targetNodes, targets, weights]);
        node.Attributes.Add(new OnnxAttribute { Name = "n_targets", Kind = OnnxAttributeKind.Int, Int = 1 });
        var model = new OnnxModel { Opsets = { [""] = 13, ["ai.onnx.ml"] = 1 } };
        model.Graph.Nodes.Add(node);
        model.Graph.Inputs.Add(Port("x", features));
        model.Graph.Outputs.Add(Port("y", 1));
        return OnnxFile.Write(model);
    }

    private static OnnxAttribute Ints(string name) => new() { Name = name, Kind = OnnxAttributeKind.Ints };

    private static OnnxValueInfo Port(string name, int size) => new() { Name = name, Type = OnnxElementType.Float32, IsTensor = true, Shape = [new OnnxDimension(1, ""), new OnnxDimension(size, "")] };
}
