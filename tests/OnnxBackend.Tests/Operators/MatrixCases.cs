using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Operators;

/// <summary>Matrix products and Einsum.</summary>
internal static class MatrixCases
{
    internal static IEnumerable<OperatorCase> All() => [.. Gemm(), .. MatMul(), .. Einsum()];

    private static IEnumerable<OperatorCase> Gemm()
    {
        // Square, so that no flag can be seen from the shapes.
        foreach (CaseTensor b in new[] { C(3, 3), X2(3, 3) })
        {
            foreach (CaseTensor[] inputs in new CaseTensor[][] { [X(3, 3), b, C(3)], [X(3, 3), b, Const([0.7], 1)], [X(3, 3), b, C(3, 1)], [X(3, 3), b, C(3, 3)], [X(3, 3), b, X2(3)], [X(3, 3), b] })
            {
                string note = inputs.Length > 2 ? $"C {string.Join(",", inputs[2].Shape)}" : "";
                foreach (OperatorCase test in Each(Case("Gemm", inputs) with { Note = note }, A("alpha", 0.5), A("beta", -2.0), A("transA", 1), A("transB", 1)))
                {
                    yield return test;
                }
            }

            yield return Case("Gemm", [X(3, 3), b, C(3)], A("beta", 0.0));
            yield return Case("Gemm", [X(3, 3), b, Scalar(0.7)], A("beta", -2.0));
            yield return Case("Gemm", [X(3, 3), b, C(1, 3)], A("beta", -2.0));
            yield return Case("Gemm", [X(3, 3), b, X2(1)], A("beta", -2.0));
        }

        yield return Case("Gemm", [X(2, 3), C(3, 4), C(4)]) with { Opset = 7 };
        yield return Case("Gemm", [X(2, 3), C(4, 3), C(2, 1)], A("transB", 1)) with { Opset = 9 };
        yield return Case("Gemm", [X(1, 3), C(4, 3), C(4)], A("transB", 1)) with { Opset = 11 };
        yield return Case("Gemm", [C(2, 3), X(3, 4), C(4)], A("alpha", 0.5), A("beta", -2.0));
        yield return Case("Gemm", [C(3, 2), X(4, 3), C(4)], A("transA", 1), A("transB", 1));
        yield return Case("Gemm", [X(2, 3), C(4, 5), C(5)]) with { Refusal = "Gemm" };
        yield return Case("Gemm", [X(2, 3), C(3)]) with { Refusal = "two matrices are supported" };
        yield return Case("Gemm", [X(1, 2, 3), C(3, 4)]) with { Refusal = "two matrices are supported" };
    }

    private static IEnumerable<OperatorCase> MatMul()
    {
        yield return Case("MatMul", [X(2, 3), C(3, 4)]);
        yield return Case("MatMul", [C(2, 3), X(3, 4)]);
        yield return Case("MatMul", [X(2, 3), Scalar(2)]) with { Refusal = "multiplies a scalar" };
        yield return Case("MatMul", [Scalar(2), X(3, 4)]) with { Refusal = "multiplies a scalar" };
        yield return Case("MatMul", [X(2, 3), C(4, 3)]) with { Refusal = "MatMul" };
        yield return Case("MatMul", [X(2, 3), X2(4, 3)]) with { Refusal = "MatMul" };
        yield return Case("MatMul", [C(5, 2, 3), X(3, 4)]);
        yield return Case("MatMul", [X(5, 2, 3), C(5, 3, 4)]);
        yield return Case("MatMul", [C(3), X(3, 4)]);
        yield return Case("MatMul", [C(3), X(5, 3, 4)]);
        yield return Case("MatMul", [X(2, 3), X2(3, 4)]);
        yield return Case("MatMul", [X(5, 2, 3), C(3, 4)]);
        yield return Case("MatMul", [X(5, 2, 3), X2(5, 3, 4)]);
        yield return Case("MatMul", [X(2, 1, 2, 3), X2(5, 3, 4)]);
        yield return Case("MatMul", [X(3), C(3, 4)]);
        yield return Case("MatMul", [X(3), X2(3, 4)]);
        yield return Case("MatMul", [X(2, 3), C(3)]);
        yield return Case("MatMul", [X(2, 3), X2(3)]);
        yield return Case("MatMul", [X(3), X2(3)]);
        yield return Case("MatMul", [X(5, 2, 3), X2(3)]);
    }

    private static IEnumerable<OperatorCase> Einsum()
    {
        foreach ((string equation, CaseTensor[] inputs) in new (string, CaseTensor[])[]
        {
            ("ij,jk->ik", [X(2, 3), X2(3, 4)]),
            ("ij,jk", [X(2, 3), C(3, 4)]),
            ("ji,jk->ki", [X(3, 2), X2(3, 4)]),
            ("bij,bjk->bik", [X(2, 2, 3), X2(2, 3, 4)]),
            ("bij,bkj->bki", [X(2, 2, 3), X2(2, 4, 3)]),
            ("ij->ji", [X(2, 3)]),
            ("ji", [X(2, 3)]),
            ("ij->i", [X(2, 3)]),
            ("ij->", [X(2, 3)]),
            ("ii->i", [X(3, 3)]),
            ("ii", [X(3, 3)]),
            ("bii->b", [X(2, 3, 3)]),
            ("i,j->ij", [X(2), X2(3)]),
            ("ij,ij->ij", [X(2, 3), X2(2, 3)]),
            ("ij,ij->", [X(2, 3), X2(2, 3)]),
            ("...ij,...jk->...ik", [X(5, 2, 3), X2(5, 3, 4)]),
            ("...ij,jk->...ik", [X(5, 2, 3), C(3, 4)]),
            ("...ij->...ji", [X(5, 2, 3)]),
            ("i...->...i", [X(5, 2, 3)]),
            ("ab,bc,cd->ad", [X(2, 3), C(3, 4), X2(4, 2)]),
            ("ab,cd,ef->bdf", [X(2, 3), C(3, 4), X2(4, 2)]),
            ("abc,abd,ab->cd", [X(2, 3, 4), X2(2, 3, 2), C(2, 3)]),
            ("aab,b->a", [X(3, 3, 2), X2(2)]),
            ("aaa->a", [X(3, 3, 3)]),
            ("aaa", [X(3, 3, 3)]),
            ("a...b,b...->a...", [X(2, 3, 4), X2(4, 3)]),
            ("Ab,bA->bA", [X(2, 3), X2(3, 2)]),
            ("ij,i->ij", [C(2, 3), X(2)]),
            ("ij,jk->", [C(2, 3), X(3, 4)]),
            ("ab,cb->ac", [C(2, 3), X(4, 3)]),
            ("bqhd,bkhd->bhqk", [X(1, 3, 2, 4), X2(1, 5, 2, 4)]),
            ("ij,kj->ik", [X(2, 1), X2(3, 4)]),
            ("ij,kj->ikj", [X(2, 3), X2(4, 1)]),
            ("ij,kj->ikj", [X(2, 1), X2(4, 3)]),
            (" i j , j k -> i k ", [X(2, 3), X2(3, 4)]),
        })
        {
            yield return Case("Einsum", inputs, A("equation", equation));
        }

        // Ellipses of different lengths, and capitals in order, which ONNX Runtime refuses: the same with other letters.
        foreach ((string equation, string other, CaseTensor[] inputs) in new (string, string, CaseTensor[])[]
        {
            ("...,...->...", "ij,j->ij", [X(2, 3), X2(3)]),
            ("...ij,...ij->...", "bij,ij->b", [X(5, 2, 3), X2(2, 3)]),
            ("...i,...i->...i", "abi,bi->abi", [X(5, 2, 3), X2(2, 3)]),
            ("bA", "ji->ij", [X(2, 3)]),
            ("ba...", "kj...->...jk", [X(2, 3, 4)]),
        })
        {
            yield return Case("Einsum", inputs, A("equation", equation)) with { Peer = Case("Einsum", inputs, A("equation", other)) };
        }

        yield return Case("Einsum", [X(2, 3)], A("equation", "ij->i->j")) with { Refusal = "which does not describe its 1 inputs" };
        yield return Case("Einsum", [X(2, 3)], A("equation", "ij->ii")) with { Refusal = "whose output has a letter twice" };
        yield return Case("Einsum", [X(2, 3)], A("equation", "i->i")) with { Refusal = "has the shape [2, 3]" };
        yield return Case("Einsum", [X(2, 3)], A("equation", "...ijk->i")) with { Refusal = "has the shape [2, 3]" };
        yield return Case("Einsum", [X(2, 3)], A("equation", "......->i")) with { Refusal = "other than letters and one ellipsis" };
        yield return Case("Einsum", [X(2, 3)], A("equation", "ij->i1")) with { Refusal = "for its output" };
        yield return Case("Einsum", [X(2, 3), X2(4, 4)], A("equation", "ij,jk->ik")) with { Refusal = "on a shared letter" };
        yield return Case("Einsum", [X(2, 3)], A("equation", "ii->i")) with { Refusal = "on a shared letter" };
        yield return Case("Einsum", [X(1, 3)], A("equation", "ii->i")) with { Refusal = "has no diagonal" };
        yield return Case("Einsum", [X(2, 3)], A("equation", "ij->ik")) with { Refusal = "or one that no input has" };
        yield return Case("Einsum", [X(2, 3)], A("equation", "ijk->i")) with { Refusal = "has the shape" };
        yield return Case("Einsum", [X(2, 3), X2(3)], A("equation", "ij->i")) with { Refusal = "which does not describe its 2 inputs" };
        yield return Case("Einsum", [X(2, 3)], A("equation", "i1->i")) with { Refusal = "other than letters" };
    }
}
