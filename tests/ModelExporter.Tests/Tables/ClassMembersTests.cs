using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests.Tables;

/// <summary>Rows by class, and the parts that are dealt from them.</summary>
public sealed class ClassMembersTests
{
    private static readonly int[] labels = [2, 0, 2, 0, 0, 2, 2, 0, 3, 2, 0];

    [Fact]
    public void Rows_stand_by_class_and_ascend()
    {
        int[][] members = ClassMembers.Of(labels, 4);
        Assert.Equal([[1, 3, 4, 7, 10], [], [0, 2, 5, 6, 9], [8]], members);
    }

    [Fact]
    public void Shuffled_rows_stay_in_their_class()
    {
        int[] many = [.. Enumerable.Range(0, 200).Select(i => i % 2)];
        int[][] members = ClassMembers.Shuffled(many, 2, new Xoshiro256(1));
        Assert.Equal(ClassMembers.Of(many, 2), members.Select(rows => rows.Order().ToArray()));
        Assert.All(members, rows => Assert.NotEqual(rows.Order(), rows));
        Assert.Equal(members, ClassMembers.Shuffled(many, 2, new Xoshiro256(1)));
        Assert.NotEqual(members, ClassMembers.Shuffled(many, 2, new Xoshiro256(2)));
    }

    // Rows sorted by class, and such whose class repeats as often as there are parts.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Parts_differ_by_one_row_at_most_in_all_and_in_each_class(int parts)
    {
        foreach (int[] classes in (int[][])[labels, [.. labels.Order()], [.. Enumerable.Range(0, 31).Select(i => i % parts % 4)]])
        {
            int[] part = ClassMembers.Deal(ClassMembers.Of(classes, 4), parts);
            Assert.Equal(classes.Length, part.Length);
            foreach (int c in (int[])[-1, 0, 1, 2, 3])
            {
                int[] sizes = [.. Enumerable.Range(0, parts).Select(p => Enumerable.Range(0, classes.Length).Count(row => part[row] == p && (c < 0 || classes[row] == c)))];
                Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
            }
        }
    }
}
