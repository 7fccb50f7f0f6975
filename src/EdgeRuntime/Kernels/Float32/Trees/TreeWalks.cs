using System.Runtime.CompilerServices;

namespace EdgeInference.Runtime.Kernels.Float32.Trees;

/// <summary>Walks from roots to leaves. A step waits for two loads, one after the other, so several trees go side by side.</summary>
internal static unsafe class TreeWalks
{
    /// <summary>Trees that are walked at once: as many as x64 has registers for.</summary>
    internal const int Together = 8;

    // Steps between looks at whether all walks have ended.
    private const int Stride = 8;

    /// <summary>Walks all trees of a row, and adds what their leaves say.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TLeaves>(WalkRoot* roots, int trees, int* keys, in TreeSums sums)
        where TLeaves : struct, ILeaves
    {
        int* leaves = stackalloc int[Together];
        bool isFirst = true;
        for (; trees > 0; trees -= Together, roots += Together)
        {
            // Here and not where the walks end, so that the sums, one after another, wait for no leaf and go on beside the next walks.
            if (!isFirst)
            {
                TLeaves.Add(in sums, roots - Together, leaves, Together);
            }

            isFirst = false;
            int depth = roots->Depth;
            WalkNode* n0 = roots[0].Node;
            WalkNode* n1 = roots[1].Node;
            WalkNode* n2 = roots[2].Node;
            WalkNode* n3 = roots[3].Node;
            WalkNode* n4 = roots[4].Node;
            WalkNode* n5 = roots[5].Node;
            WalkNode* n6 = roots[6].Node;
            WalkNode* n7 = roots[7].Node;
            do
            {
                int steps = Math.Min(depth, Stride);
                depth -= steps;
                do
                {
                    n0 = Step(n0, keys);
                    n1 = Step(n1, keys);
                    n2 = Step(n2, keys);
                    n3 = Step(n3, keys);
                    n4 = Step(n4, keys);
                    n5 = Step(n5, keys);
                    n6 = Step(n6, keys);
                    n7 = Step(n7, keys);
                }
                while (--steps > 0);
            }
            while (depth > 0 && (n0->Down | n1->Down | n2->Down | n3->Down | n4->Down | n5->Down | n6->Down | n7->Down) != 0);
            leaves[0] = n0->Key;
            leaves[1] = n1->Key;
            leaves[2] = n2->Key;
            leaves[3] = n3->Key;
            leaves[4] = n4->Key;
            leaves[5] = n5->Key;
            leaves[6] = n6->Key;
            leaves[7] = n7->Key;
        }

        if (!isFirst)
        {
            TLeaves.Add(in sums, roots - Together, leaves, trees + Together);
        }
    }

    // A position computed of the comparison costs no wrong guess.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static WalkNode* Step(WalkNode* node, int* keys) =>
        node + (nuint)node->Down + (nuint)Unsafe.BitCast<bool, byte>(keys[node->Slot] > node->Key);
}
