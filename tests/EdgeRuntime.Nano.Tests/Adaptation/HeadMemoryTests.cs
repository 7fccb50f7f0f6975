extern alias nano;

using System.Collections;
using System.Reflection;
using EdgeInference.ModelFormat.Adaptation;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Adaptation;

namespace EdgeInference.Nano.Tests.Adaptation;

/// <summary>What the heads say of their memory is what their arrays take, and the assembly is one that a device takes.</summary>
public class HeadMemoryTests
{
    [Theory]
    [InlineData(2, Precision.Int8, 0)]
    [InlineData(3, Precision.Int16, 3)]
    public void Memory_is_the_sum_of_all_arrays(int classes, Precision precision, int neighbours)
    {
        LabelledTable table = AdaptableModels.Clouds(classes, 5, 120, classes);
        foreach ((bool last, int added, bool anomalies) in ((bool, int, bool)[])[(true, 4, true), (true, 0, false), (false, 2, false), (false, 0, true)])
        {
            var options = new AdaptableOptions { LastLayer = last, AddedClasses = added, Anomalies = anomalies, Neighbours = neighbours };
            using EdgeModel model = EdgeModel.Load(AdaptableModels.File($"clouds {classes}", table, precision, options));
            using var classifier = new AdaptiveClassifier(model);
            object head = typeof(AdaptiveClassifier).GetField("head", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(classifier)!;
            Assert.Equal(ArrayBytes(head, []), classifier.MemoryBytes);
        }
    }

    [Fact]
    public void The_assembly_uses_what_nanoFramework_has() =>
        Assert.Empty(NanoGuard.Check(File.ReadAllBytes(typeof(nano::EdgeInference.Nano.Adaptation.AdaptiveClassifier).Assembly.Location), "EdgeInference.Nano"));

    [Fact]
    public void A_classification_allocates_nothing()
    {
        LabelledTable table = AdaptableModels.Clouds(3, 5, 120, 3);
        using EdgeModel model = EdgeModel.Load(AdaptableModels.File("clouds 3", table, Precision.Int8, new AdaptableOptions()));
        using var classifier = new AdaptiveClassifier(model);
        for (int i = 0; i < 20; i++)
        {
            classifier.Learn(table.Rows[i], table.Labels[i]);
            classifier.LearnNormal(table.Rows[i]);
        }

        // A collection that other tests cause may be counted to this thread, but not each time.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => Allocated()));

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                classifier.Classify(table.Rows[i]);
                classifier.Learn(table.Rows[i], table.Labels[i]);
                classifier.LearnNormal(table.Rows[i]);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    // References count four bytes, as on a 32-bit device.
    private static long ArrayBytes(object? value, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || !seen.Add(value))
        {
            return 0;
        }

        if (value is Array array)
        {
            Type element = array.GetType().GetElementType()!;
            return array.Length * (element.IsPrimitive ? (long)System.Runtime.InteropServices.Marshal.SizeOf(element) : 4) + (element.IsPrimitive ? 0 : ((IEnumerable)array).Cast<object?>().Sum(item => ArrayBytes(item, seen)));
        }

        Assert.Equal(typeof(AdaptiveHead).Namespace, value.GetType().Namespace);
        return value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Sum(field => ArrayBytes(field.GetValue(value), seen));
    }
}
