using System.Security.Cryptography;

namespace EdgeInference.Nano.Updates.Tests;

/// <summary>The arithmetic of signatures, held to the framework's.</summary>
public class SignatureTests
{
    [Fact]
    public void Hashes_are_those_of_the_framework()
    {
        var random = new Random(1);
        foreach (int length in Enumerable.Range(0, 140).Append(1000).Append(5000))
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            var hash = new Sha256();
            int first = random.Next(length + 1);
            hash.Add(bytes, 0, first);
            hash.Add(bytes, first, length - first);
            Assert.Equal(SHA256.HashData(bytes), hash.Finish());
        }
    }

    [Fact]
    public void Signatures_are_accepted_and_changed_ones_are_not()
    {
        var random = new Random(2);
        for (int round = 0; round < 40; round++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            byte[] hash = new byte[32];
            random.NextBytes(hash);
            if (round % 4 == 3)
            {
                // Above the order, which is reduced.
                hash.AsSpan(0, 16).Fill(0xFF);
            }

            byte[] signature = key.SignHash(hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            byte[] point = Point(key);
            Assert.True(new P256().Verify(point, 0, hash, signature, 0));
            for (int i = 0; i < 6; i++)
            {
                byte[][] parts = [[.. point], [.. hash], [.. signature]];
                byte[] changed = parts[i % 3];
                changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
                Assert.Equal(Accepts(parts[0], parts[1], parts[2]), new P256().Verify(parts[0], 0, parts[1], parts[2], 0));
            }
        }
    }

    [Theory]

    // r and s at 0, at the order, above it, and at 1 and the order − 1, where a sloppy check lets a forgery pass.
    [InlineData("0", "1")]
    [InlineData("1", "0")]
    [InlineData("0", "0")]
    [InlineData("1", "1")]
    [InlineData("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "1")]
    [InlineData("1", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")]
    [InlineData("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552", "1")]
    [InlineData("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void Numbers_at_their_bounds_are_refused(string r, string s)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] signature = Convert.FromHexString(r.PadLeft(64, '0') + s.PadLeft(64, '0'));
        foreach (byte fill in (byte[])[0, 1, 0xFF])
        {
            byte[] hash = new byte[32];
            Array.Fill(hash, fill);
            Assert.False(new P256().Verify(Point(key), 0, hash, signature, 0));
        }
    }

    [Theory]

    // Keys d whose point is G, 2G, −G and −2G: sums that meet a point, its negative and infinity.
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550")]
    [InlineData("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f")]
    public void Keys_near_the_generator_are_verified(string d)
    {
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Convert.FromHexString(d.PadLeft(64, '0')) });
        byte[] point = Point(key);
        for (int i = 0; i < 8; i++)
        {
            byte[] hash = SHA256.HashData([(byte)i]);
            byte[] signature = key.SignHash(hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            Assert.True(new P256().Verify(point, 0, hash, signature, 0));

            // u · G + v · Q is infinity where the hash is −r · d.
            Assert.Equal(Accepts(point, new byte[32], signature), new P256().Verify(point, 0, new byte[32], signature, 0));
        }
    }

    [Fact]
    public void A_sum_at_infinity_is_no_signature()
    {
        // Q = G, r = 5 and hash = −5: u + v = 0 modulo the order.
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Convert.FromHexString("1".PadLeft(64, '0')) });
        byte[] hash = Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254c");
        byte[] signature = Convert.FromHexString("5".PadLeft(64, '0') + "7".PadLeft(64, '0'));
        Assert.False(new P256().Verify(Point(key), 0, hash, signature, 0));
    }

    [Fact]
    public void A_signature_whose_abscissa_is_above_the_order_is_accepted()
    {
        // The point (5, y) of the curve has an abscissa x = 5 + order as well only if that is below the prime; here r = x − order for the least x
        // above the order that is on the curve, with Q = R − G and u = v = 1 (s = hash = r).
        (byte[] r, byte[] q) = AboveOrder();
        Assert.True(new P256().Verify(q, 0, r, [.. r, .. r], 0));
    }

    [Fact]
    public void A_key_is_read_from_its_text()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pem = key.ExportSubjectPublicKeyInfoPem();
        var keys = new TrustedKeys();
        keys.AddPem(pem);
        keys.AddPem(pem.ReplaceLineEndings("\r\n"));
        keys.AddPem(string.Concat(pem.Split('\n')[1..^1]));
        Assert.Equal(3, keys.Count);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        string[] wrong =
        [
            "", null!, "-----BEGIN PUBLIC KEY-----", other.ExportSubjectPublicKeyInfoPem(), key.ExportPkcs8PrivateKeyPem(), pem[..^40],
            pem.Replace(pem[100], pem[100] == 'A' ? 'B' : 'A'), string.Concat(pem.AsSpan(0, 100), "*", pem.AsSpan(101)),
        ];
        Assert.All(wrong, text => Assert.Contains("not a P-256 public key", Assert.Throws<ArgumentException>(() => keys.AddPem(text)).Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, UpdateOutcome.Applied)]
    [InlineData(1, UpdateOutcome.InvalidSignature)]
    [InlineData(2, UpdateOutcome.UnknownKey)]
    [InlineData(3, UpdateOutcome.Unsigned)]
    public void A_policy_takes_what_a_trusted_key_signed(int kind, UpdateOutcome outcome)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] file = kind switch
        {
            0 => Models.Signed(2, 2f),
            1 => Resigned(Models.Signed(2, 2f), Models.Create(3f)),
            2 => Runtime.ModelSignature.Sign(Models.Create(2f), other, 2),
            _ => Models.Create(2f),
        };
        ModelUpdater updater = ModelUpdater.Open(new MemoryStorage(), Models.Signed(1), TestPolicy.Trusting(), null);
        UpdateReport report = updater.Apply(file, "t");
        Assert.Equal(outcome, report.Outcome);
        Assert.Equal(outcome == UpdateOutcome.Applied ? 2ul : 1ul, updater.Current.Version);
    }

    [Fact]
    public void A_signature_by_another_key_is_refused_where_none_is_required()
    {
        UpdatePolicy policy = TestPolicy.Trusting();
        policy.RequireSignature = false;
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ModelUpdater updater = ModelUpdater.Open(new MemoryStorage(), Models.Create(), policy, null);
        Assert.Equal(UpdateOutcome.UnknownKey, updater.Apply(Runtime.ModelSignature.Sign(Models.Create(2f), other, 2), "t").Outcome);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Create(2f), "t").Outcome);
        Assert.Equal(UpdateOutcome.Applied, updater.Apply(Models.Signed(2, 3f), "t").Outcome);
        Assert.Equal(UpdateOutcome.NotNewer, updater.Apply(Models.Create(4f), "t").Outcome);
    }

    [Fact]
    public void A_stored_model_of_a_key_that_is_no_longer_trusted_is_passed_over()
    {
        var storage = new MemoryStorage();
        Assert.Equal(UpdateOutcome.Applied, ModelUpdater.Open(storage, Models.Signed(1), TestPolicy.Trusting(), null).Apply(Models.Signed(2, 2f), "t").Outcome);
        var reports = new List<UpdateReport>();
        ModelUpdater updater = ModelUpdater.Open(storage, Models.Signed(1), new UpdatePolicy(), reports.Add);
        Assert.Equal((1ul, UpdateOutcome.UnknownKey), (updater.Current.Version, Assert.Single(reports).Outcome));
    }

    // The signature block of one file behind another model, with its CRC made right.
    private static byte[] Resigned(byte[] signed, byte[] model)
    {
        byte[] file = [.. model, .. signed[^128..]];
        return file;
    }

    private static byte[] Point(ECDsa key)
    {
        ECPoint q = key.ExportParameters(false).Q;
        return [.. q.X!, .. q.Y!];
    }

    private static bool Accepts(byte[] point, byte[] hash, byte[] signature)
    {
        try
        {
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[..32], Y = point[32..] } });
            return key.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static (byte[] R, byte[] Q) AboveOrder()
    {
        System.Numerics.BigInteger p = Big("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
        System.Numerics.BigInteger n = Big("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        System.Numerics.BigInteger b = Big("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
        System.Numerics.BigInteger gx = Big("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
        System.Numerics.BigInteger gy = Big("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
        for (System.Numerics.BigInteger r = 1; ; r++)
        {
            System.Numerics.BigInteger x = r + n;
            System.Numerics.BigInteger square = Mod((x * x * x) - (3 * x) + b, p);
            var y = System.Numerics.BigInteger.ModPow(square, (p + 1) / 4, p);
            if (Mod(y * y, p) != square)
            {
                continue;
            }

            // R − G, in affine coordinates.
            System.Numerics.BigInteger slope = Mod((-gy - y) * System.Numerics.BigInteger.ModPow(Mod(gx - x, p), p - 2, p), p);
            System.Numerics.BigInteger qx = Mod((slope * slope) - x - gx, p);
            System.Numerics.BigInteger qy = Mod((slope * (x - qx)) - y, p);
            return (Bytes(r), [.. Bytes(qx), .. Bytes(qy)]);
        }
    }

    private static System.Numerics.BigInteger Big(string hex) => System.Numerics.BigInteger.Parse("0" + hex, System.Globalization.NumberStyles.HexNumber, null);

    private static System.Numerics.BigInteger Mod(System.Numerics.BigInteger a, System.Numerics.BigInteger p) => ((a % p) + p) % p;

    private static byte[] Bytes(System.Numerics.BigInteger value)
    {
        byte[] bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
