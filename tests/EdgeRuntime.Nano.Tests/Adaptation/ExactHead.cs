using System.Numerics;
using EdgeInference.ModelFormat.Adaptation;

namespace EdgeInference.Nano.Tests.Adaptation;

/// <summary>The last layer's head by its definition, in integers without bounds: what <see cref="DenseHead"/> must give in 64 bits.</summary>
internal sealed class ExactHead(HeadSettings settings)
{
    private readonly BigInteger[] changes = new BigInteger[settings.Units * (settings.Depth + 1)];

    internal BigInteger[] Changes => changes;

    internal BigInteger[] Logits(short[] input)
    {
        int n = settings.Depth;
        BigInteger limit = ((BigInteger)settings.LogitLimit << settings.FractionBits) >> DenseHead.LogitLimitBits;
        return [.. Enumerable.Range(0, settings.Units).Select(unit =>
        {
            BigInteger sum = settings.Bias[unit];
            BigInteger change = changes[(unit * (n + 1)) + n] << settings.BiasShift;
            for (int i = 0; i < n; i++)
            {
                sum += (BigInteger)input[i] * settings.Weights[(unit * n) + i];
                change += input[i] * changes[(unit * (n + 1)) + i];
            }

            return Factory(sum, unit) + BigInteger.Clamp(change, -limit, limit);
        })];
    }

    internal void Learn(short[] input, int label, int[] shares)
    {
        int n = settings.Depth;
        BigInteger half = BigInteger.One << (settings.RateShift - 1);
        for (int unit = 0; unit < settings.Units; unit++)
        {
            BigInteger gain = ((settings.Units == 1 ? label == 1 : label == unit) ? 32768 - shares[unit] : -shares[unit]) * (BigInteger)settings.Rate;
            for (int i = 0; i <= n; i++)
            {
                BigInteger x = i < n ? input[i] : BigInteger.One << settings.BiasShift;
                int at = (unit * (n + 1)) + i;
                changes[at] = BigInteger.Clamp(changes[at] + (((gain * x) + half) >> settings.RateShift), -settings.WeightLimit, settings.WeightLimit);
            }
        }
    }

    // The sum is halved until it has 32 bits, rounded each time; one rounding more with the shift; cut at 2^16.
    private BigInteger Factory(BigInteger sum, int unit)
    {
        int shift = settings.Shifts[unit];
        while (sum > int.MaxValue || sum < int.MinValue)
        {
            sum = (sum + 1) >> 1;
            shift--;
        }

        BigInteger product = sum * settings.Multipliers[unit];
        BigInteger logit = shift > 0 ? (product + (BigInteger.One << (shift - 1))) >> shift : product << -shift;
        BigInteger most = (BigInteger)65536 << settings.FractionBits;
        return BigInteger.Clamp(logit, -most, most);
    }
}
